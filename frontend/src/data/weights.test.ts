import { expect, test } from "vitest";
import { heads } from "../../test/fixtures";
import { Matrix } from "./matrix";
import { offeredTypes, valueAt } from "./weights";

test("a weighted value is the value times the weight of its source", () => {
  const matrix = new Matrix(Uint16Array.from([2, 4]), 1, 2, false, 1, 0, -1);
  expect(valueAt(matrix, Float32Array.from([0.5, 0.25]), 0, 1)).toBe(1);
  expect(valueAt(matrix, null, 0, 1)).toBe(4);
});

test("types are offered only where all sequences have their weights", () => {
  const [first, second] = heads("small-batch-dropdown").sequences;
  if (!first || !second) throw new Error("the fixture has two sequences");
  expect(offeredTypes([first, second])).toEqual(["standard", "value-weighted", "info-weighted"]);
  expect(
    offeredTypes([first, { ...second, weights: { "value-weighted": second.weights["value-weighted"]! } }]),
  ).toEqual(["standard", "value-weighted"]);
});
