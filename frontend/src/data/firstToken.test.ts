import { expect, test } from "vitest";
import { fullMatrix } from "../../test/matrices";
import { shareOfFirst } from "./firstToken";
import { Matrix, plainMatrix } from "./matrix";
import { triangleLength } from "./decode";
import { valueAt, type Weights } from "./weights";

/** By loops over values. */
function reference(matrix: Matrix, weights: Weights | null, end: number): number {
  const shares: number[] = [];
  for (let dest = 0; dest < matrix.rows; dest++) {
    const sizes = Array.from({ length: matrix.cols }, (_, src) =>
      Math.abs(valueAt(matrix, weights, dest, src)),
    );
    const known = sizes.map((size) => (Number.isNaN(size) ? 0 : size));
    const all = known.reduce((sum, size) => sum + size, 0);
    if (all > 0) shares.push(known.slice(0, end).reduce((sum, size) => sum + size, 0) / all);
  }
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

const numbers = (count: number, seed: number) =>
  Array.from({ length: count }, (_, i) => Math.floor(997 * Math.abs(Math.sin(seed + 3.7 * i))));

test.each([1, 3])("the share of the first %i sources is the mean over destinations", (end) => {
  const causal = new Matrix(Uint16Array.from(numbers(triangleLength(7, 7), 1)), 7, 7, true, 0.001, 0, 65535);
  const signed = fullMatrix(numbers(35, 2), 7, 0.01, 500);
  const weights = Float32Array.from([0.1, 0.9, NaN, 1, 0, 0.5, 0.7]);
  for (const matrix of [causal, signed])
    for (const given of [null, weights])
      expect(shareOfFirst(matrix, given, end)).toBeCloseTo(reference(matrix, given, end), 12);
});

test("missing values add nothing, and destinations without any value do not count", () => {
  const matrix = plainMatrix(Float64Array.from([NaN, NaN, 0, 0, 1, 3, NaN, 2]), 4, 2);
  expect(shareOfFirst(matrix, null, 1)).toBe((1 / 4 + 0) / 2);
});

test("without any value there is no share", () => {
  expect(shareOfFirst(fullMatrix([0, 0], 2), null, 1)).toBeNaN();
});
