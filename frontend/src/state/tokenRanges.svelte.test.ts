import { expect, test } from "vitest";
import { TokenRanges } from "./tokenRanges.svelte";

const one = (start: number, end = start + 1) => ({ start, end });

test("a range is extended from where it began, to both sides", () => {
  const ranges = new TokenRanges();
  ranges.extend("dest", one(4), one(5));
  expect(ranges.dest).toEqual({ start: 4, end: 6 });
  ranges.extend("dest", one(5), one(2));
  expect(ranges.dest).toEqual({ start: 2, end: 5 });
  expect(ranges.src).toBeNull();
  ranges.extend("src", one(0, 3), one(7));
  expect(ranges.src).toEqual({ start: 0, end: 8 });
});

test("after it is cleared, a range begins anew", () => {
  const ranges = new TokenRanges();
  ranges.select("src", one(1), one(3));
  expect(ranges.any).toBe(true);
  ranges.clear();
  expect(ranges.any).toBe(false);
  ranges.extend("src", one(8), one(9));
  expect(ranges.src).toEqual({ start: 8, end: 10 });
});

test("choosing a token inside of the range clears it, choosing another one moves it", () => {
  const ranges = new TokenRanges();
  ranges.select("dest", one(1), one(3));
  ranges.toggle("dest", one(2));
  expect(ranges.dest).toBeNull();
  ranges.toggle("dest", one(2));
  expect(ranges.dest).toEqual({ start: 2, end: 3 });
  ranges.toggle("dest", one(5));
  expect(ranges.dest).toEqual({ start: 5, end: 6 });
});
