import { expect, test } from "vitest";
import { fullMatrix, sinkMatrix } from "../../test/matrices";
import { hiddenColumns, hiddenShare, hiddenSources, pooled, remainders, withoutSources } from "./hidden";
import { type Matrix, plainMatrix } from "./matrix";
import { sinksOf } from "./sinks";
import { valueAt, type Weights } from "./weights";

const N = 9;
const self = (dest: number) => dest;
const singles = Array.from({ length: N }, (_, start) => ({ start, end: start + 1, name: null }));
const spans = [{ start: 0, end: 1, name: null }, { start: 1, end: 5, name: "span" }, ...singles.slice(5)];
const withSinks = (count: number) =>
  Array.from({ length: 40 }, (_, seed) => sinkMatrix(N, seed)).find(
    (matrix) => sinksOf(matrix, self).length === count,
  )!;

test("the first token or the sinks are hidden, and a collapsed span as a whole", () => {
  const matrix = withSinks(2);
  const sinks = sinksOf(matrix, self);
  expect([...hiddenSources(matrix, "first", singles, self)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0]);
  expect([...hiddenSources(matrix, "sinks", singles, self)]).toEqual(
    singles.map(({ start }) => (sinks.includes(start) ? 1 : 0)),
  );
  expect([...hiddenSources(matrix, "sinks", spans, self)].slice(1, 5)).toEqual(
    Array(4).fill(sinks.some((src) => src > 0 && src < 5) ? 1 : 0),
  );
  expect([...hiddenColumns(Uint8Array.of(1, 1, 1, 1, 0, 0, 0, 0, 0), spans)]).toEqual([1, 0, 0, 0, 0, 0]);
});

/** By a loop over one row. */
function row(matrix: Matrix, sources: Uint8Array, dest: number, renormalize: boolean): number[] {
  const kept = Array.from({ length: N }, (_, src) => (sources[src] ? NaN : matrix.at(dest, src)));
  const rest = kept.filter((value) => !Number.isNaN(value)).reduce((sum, value) => sum + value, 0);
  return renormalize ? kept.map((value) => (rest > 0 ? value / rest : NaN)) : kept;
}

test.each([false, true])("what remains has its values, or sums to 1 (renormalized: %s)", (renormalize) => {
  for (const matrix of [withSinks(1), withSinks(2)]) {
    const sources = hiddenSources(matrix, "sinks", singles, self);
    const shown = withoutSources(matrix, sources, renormalize);
    for (let dest = 0; dest < N; dest++) {
      const wanted = row(matrix, sources, dest, renormalize);
      wanted.forEach((value, src) => {
        if (Number.isNaN(value)) expect(shown.at(dest, src)).toBeNaN();
        else expect(shown.at(dest, src)).toBeCloseTo(value, 12);
      });
      const known = wanted.filter((value) => !Number.isNaN(value));
      if (renormalize && known.length > 0) {
        expect(known.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
        if (!sources[dest])
          expect(shown.at(dest, dest) * remainders(matrix, sources)[dest]!).toBeCloseTo(
            matrix.at(dest, dest),
          );
      }
    }
  }
});

test("a row of which nothing remains has no values", () => {
  const shown = withoutSources(fullMatrix([5, 0, 0, 2, 3, 5], 3), Uint8Array.of(1, 0, 0), true);
  expect([0, 1, 2].map((src) => shown.at(0, src))).toEqual([NaN, NaN, NaN]);
  expect([0, 1, 2].map((src) => shown.at(1, src))).toEqual([NaN, 3 / 8, 5 / 8]);
});

test("the share of hidden sources is the mean over destinations that have any value", () => {
  const weights: Weights = Float32Array.from([0.1, 0.9, NaN, 1, 0, 0.5, 0.7, 1, 1]);
  const signed = fullMatrix(
    Array.from({ length: 2 * N }, (_, i) => (i * 37) % 100),
    N,
    0.01,
    50,
  );
  const sources = Uint8Array.of(1, 0, 0, 1, 0, 0, 0, 0, 0);
  for (const matrix of [withSinks(1), signed])
    for (const given of [null, weights]) {
      const shares: number[] = [];
      for (let dest = 0; dest < matrix.rows; dest++) {
        const sizes = Array.from({ length: N }, (_, src) => Math.abs(valueAt(matrix, given, dest, src)));
        const known = sizes.map((size) => (Number.isNaN(size) ? 0 : size));
        const all = known.reduce((sum, size) => sum + size, 0);
        if (all > 0) shares.push((known[0]! + known[3]!) / all);
      }
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
      expect(hiddenShare(matrix, given, sources)).toBeCloseTo(mean, 12);
    }
  expect(hiddenShare(fullMatrix([0, 0], 2), null, Uint8Array.of(1, 0))).toBeNaN();
});

test("a thumbnail has the value of largest magnitude in each block", () => {
  const matrix = plainMatrix(Float64Array.from([1, -3, NaN, 2, 0.5, NaN, NaN, NaN, NaN]), 3, 3);
  const small = pooled(matrix, [2, 2]);
  expect([small.at(0, 0), small.at(0, 1), small.at(1, 0), small.at(1, 1)]).toEqual([-3, NaN, NaN, NaN]);
});
