import { expect, test } from "vitest";
import { Matrix } from "./matrix";

test("a causal matrix has its cells where rows grow by one, and none right of the shifted diagonal", () => {
  const matrix = new Matrix(Uint16Array.from([1, 2, 3, 4, 5]), 2, 3, true, 0.5, 0, -1);
  const rows = [0, 1].map((dest) => [0, 1, 2].map((src) => matrix.at(dest, src)));
  expect(rows).toEqual([
    [0.5, 1, NaN],
    [1.5, 2, 2.5],
  ]);
  expect(matrix.masked(0, 2)).toBe(true);
});

test("signed codes count from the middle, and a missing one has no value", () => {
  const matrix = new Matrix(Uint16Array.from([100, 90, 65535]), 1, 3, false, 2, 100, 65535);
  expect([matrix.at(0, 0), matrix.at(0, 1), matrix.at(0, 2)]).toEqual([0, -20, NaN]);
});
