import { expect, test } from "vitest";
import { flowPieces, mayBreakBefore, onNextLine } from "./textFlow";

test("the glyph of a line end breaks the line, and nothing else does", () => {
  const lines = (token: string) => flowPieces(token).map(({ text, breaks }) => text + (breaks ? "|" : ""));
  expect(lines("\n")).toEqual(["↵|"]);
  expect(lines(".\n\n")).toEqual([".", "↵|", "↵|"]);
  expect(lines("a\nb")).toEqual(["a", "↵|", "b"]);
  expect(lines("\r\n")).toEqual(["␍↵|"]);
  expect(lines("↵ is an arrow")).toEqual(["↵ is an arrow"]); // a letter of the text, not a line end
  expect(lines("")).toEqual(["∅"]);
});

test("lines may break at spaces, and between all tokens where no token has one", () => {
  expect(mayBreakBefore(["The", " c", "at", "\n", "sat"])).toEqual([false, true, false, true, true]);
  expect(mayBreakBefore(["a", "person"])).toEqual([false, true]);
  expect(mayBreakBefore([" a"])).toEqual([false]);
  expect(mayBreakBefore([])).toEqual([]);
});

/** Boxes of tokens 10 high, from lines of [left, right]. */
function boxes(lines: [number, number][][]) {
  const all = lines.flatMap((line, row) =>
    line.map(([left, right]) => ({ left, right, top: 20 * row, bottom: 20 * row + 10 })),
  );
  return { count: all.length, boxOf: (index: number) => all[index]! };
}

test("up and down reach the nearest token of the neighbouring line", () => {
  const { boxOf, count } = boxes([
    [
      [0, 30],
      [30, 60],
      [60, 100],
    ],
    [[0, 10]],
    [
      [0, 50],
      [50, 100],
    ],
  ]);
  expect(onNextLine(boxOf, count, 2, 1)).toBe(3);
  expect(onNextLine(boxOf, count, 3, 1)).toBe(4);
  expect(onNextLine(boxOf, count, 5, -1)).toBe(3);
  expect(onNextLine(boxOf, count, 3, -1)).toBe(0);
});

test("beyond the first and the last line the token stays", () => {
  const { boxOf, count } = boxes([
    [
      [0, 30],
      [30, 60],
    ],
  ]);
  expect(onNextLine(boxOf, count, 1, -1)).toBe(1);
  expect(onNextLine(boxOf, count, 0, 1)).toBe(0);
});
