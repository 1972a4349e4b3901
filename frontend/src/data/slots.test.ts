import { expect, test } from "vitest";
import { lastCell, slotAt, slotsOf, spanLabel } from "./slots";

const tokens = (n: number) => Array.from({ length: n }, (_, i) => `t${i}`);
const square = (n: number, spans: [string, number, number][]) => ({
  destTokens: tokens(n),
  srcTokens: null,
  destPositions: null,
  spans: spans.map(([name, start, end]) => ({ name, start, end })),
});
const brief = (slots: { start: number; end: number; name: string | null }[]) =>
  slots.map(({ start, end, name }) => `${name ?? ""}${start}-${end}`);

test("each token has a slot of its own, and a collapsed span one for all of its tokens", () => {
  const sequence = square(7, [
    ["a", 1, 3],
    ["b", 3, 6],
  ]);
  const slots = slotsOf(sequence, []);
  expect(brief(slots.rows)).toEqual(["0-1", "a1-3", "b3-6", "6-7"]);
  expect(brief(slots.cols)).toEqual(brief(slots.rows));
  expect(slots.collapsed).toBe(true);
  expect(brief(slotsOf(sequence, ["a"]).cols)).toEqual(["0-1", "1-2", "2-3", "b3-6", "6-7"]);
  expect(slotsOf(sequence, ["a", "b"]).collapsed).toBe(false);
  expect(slotsOf(square(3, []), []).collapsed).toBe(false);
  expect(brief(slotsOf(square(3, [["all", 0, 3]]), []).rows)).toEqual(["all0-3"]);
});

test("the slot of every token is found", () => {
  const { cols } = slotsOf(
    square(9, [
      ["a", 0, 4],
      ["b", 6, 9],
    ]),
    [],
  );
  const found = tokens(9).map((_, token) => slotAt(cols, token));
  expect(found).toEqual([0, 0, 0, 0, 1, 2, 3, 3, 3]);
});

test("destinations are collapsed only where it is known which sources they are", () => {
  const spans = [{ name: "a", start: 2, end: 5 }];
  const some = { destTokens: tokens(3), srcTokens: tokens(6), destPositions: [1, 3, 4], spans };
  expect(brief(slotsOf(some, []).rows)).toEqual(["0-1", "a1-3"]);
  expect(brief(slotsOf(some, []).cols)).toEqual(["0-1", "1-2", "a2-5", "5-6"]);
  expect(brief(slotsOf({ ...some, destPositions: [0, 1, 5] }, []).rows)).toEqual(["0-1", "1-2", "2-3"]);
  expect(brief(slotsOf({ ...some, destPositions: null }, []).rows)).toEqual(["0-1", "1-2", "2-3"]);
});

test("a cell of spans is masked if its last query is before its first key", () => {
  const slots = slotsOf(square(7, [["a", 1, 3]]), []);
  expect(lastCell(slots, { dest: 1, src: 1 })).toEqual({ dest: 2, src: 1 });
  expect(lastCell(slots, { dest: 2, src: 3 })).toEqual({ dest: 3, src: 4 });
});

test("a label counts its tokens, and a name from right to left does not move the count", () => {
  expect(spanLabel({ name: "image", start: 0, end: 576 })).toBe("image (576 tokens)");
  expect(spanLabel({ name: "x", start: 4, end: 5 })).toBe("x (1 token)");
  expect(spanLabel({ name: "שלום", start: 0, end: 2 })).toBe("\u2068שלום\u2069 (2 tokens)");
});
