import { describe, expect, test } from "vitest";
import type { LinesSequence, Span } from "../../props";
import { ALL_LINES, describeFilter, endsOf, filterOf, partName, partsOf, REST } from "./lineFilter";

function sequence(
  segments: Span[],
  { dests = 6, sources = 6, destPositions = null as number[] | null, cross = false } = {},
): LinesSequence {
  const srcTokens = cross || destPositions ? Array.from({ length: sources }, String) : null;
  return {
    segments,
    srcTokens,
    destPositions,
    attention: { shape: [1, dests, sources] },
  } as unknown as LinesSequence;
}
const A = { name: "A", start: 0, end: 2 };
const B = { name: "B", start: 2, end: 6 };
const MIDDLE = { name: "middle", start: 2, end: 4 };
const chosen = (length: number, has: (index: number) => boolean) =>
  Array.from({ length }, (_, i) => i).filter(has);

describe("the parts of a sequence", () => {
  test("are the segments, and the rest where they do not cover all tokens", () => {
    expect(partsOf(sequence([A, B])).names).toEqual(["A", "B"]);
    expect(partsOf(sequence([MIDDLE])).names).toEqual(["middle", REST]);
    expect(partsOf(sequence([])).names).toEqual([]);
  });

  test("of queries follow from their positions among the sources", () => {
    expect(partsOf(sequence([A, B], { dests: 2, destPositions: [1, 2] })).ofDest).toEqual(["A", "B"]);
    expect(partsOf(sequence([A, B], { dests: 2, destPositions: [3, 4] })).ofQueries).toEqual(["B"]);
  });

  test("of queries are unknown where the sources are another sequence", () => {
    const parts = partsOf(sequence([A, B], { dests: 3, cross: true }));
    expect(parts.ofQueries).toEqual([]);
    expect(filterOf(parts, { from: "A", to: "B" })).toEqual({ from: null, to: "B" });
  });
});

describe("a filter", () => {
  test("leaves the queries of one part and the sources of another", () => {
    const ends = endsOf(partsOf(sequence([A, B])), { from: "B", to: "A" });
    expect(chosen(6, ends.dest)).toEqual([2, 3, 4, 5]);
    expect(chosen(6, ends.src)).toEqual([0, 1]);
    expect(ends.all).toBe(false);
  });

  test("of the rest leaves the tokens outside of all segments", () => {
    const ends = endsOf(partsOf(sequence([MIDDLE])), { from: null, to: REST });
    expect(chosen(6, ends.dest)).toHaveLength(6);
    expect(chosen(6, ends.src)).toEqual([0, 1, 4, 5]);
  });

  test("leaves everything where the sequence has no part of that name", () => {
    expect(endsOf(partsOf(sequence([A, B])), { from: "middle", to: "question" }).all).toBe(true);
    expect(endsOf(partsOf(sequence([])), { from: "A", to: REST }).all).toBe(true);
  });

  test("leaves out lines to the first source with or without parts", () => {
    const ends = endsOf(partsOf(sequence([A, B])), { from: null, to: "A" }, Uint8Array.of(1));
    expect([chosen(6, ends.src), chosen(6, ends.dest).length, ends.all]).toEqual([[1], 6, false]);
    expect(chosen(6, endsOf(partsOf(sequence([])), ALL_LINES, Uint8Array.of(1)).src)).toEqual([
      1, 2, 3, 4, 5,
    ]);
  });

  test("says what it leaves out, and that lines no longer sum to 1", () => {
    const parts = partsOf(sequence([A, B]));
    expect(describeFilter(parts, ALL_LINES, true)).toBe("");
    expect(describeFilter(parts, { from: "A", to: "B" }, true)).toBe(
      "Only lines from A to B are drawn; values are unchanged. The lines of a query no longer sum to 1.",
    );
    expect(describeFilter(parts, { from: "A", to: null }, true)).toBe(
      "Only lines from A are drawn; values are unchanged.",
    );
    expect(describeFilter(partsOf(sequence([MIDDLE])), { from: null, to: REST }, false)).toMatch(
      /^Only lines to rest /,
    );
  });

  test("names the rest so that no segment has the same name", () => {
    expect(partName(REST, ["a", REST])).toBe("rest");
    expect(partName(REST, ["rest", REST])).toBe("all other tokens");
  });
});
