import { describe, expect, test } from "vitest";
import { Matrix } from "../../data/matrix";
import { Vectors } from "../../data/vectors";
import type { Computation } from "../../props";
import type { Computed } from "./computed";
import { dimensionTexts, largestTerms, rowOf } from "./row";
import { scalesOf } from "./scales";

const MISSING = 9999;
/** Values in hundredths; null is "no value". */
function matrix(rows: (number | null)[][]): Matrix {
  const codes = Uint32Array.from(rows.flat(), (value) =>
    value === null ? MISSING : Math.round(value * 100) + 1000,
  );
  return new Matrix(codes, rows.length, rows[0]!.length, false, 0.01, 1000, MISSING);
}

function vectors(rows: number[][]): Vectors {
  const codes = Uint16Array.from(rows.flat(), (value) => Math.round(value * 10) + 100);
  return new Vectors(
    codes,
    rows.length,
    rows[0]!.length,
    rows.map(() => 0.1),
    100,
    0.51,
  );
}

function computed(some: Partial<Computed>): Computed {
  const props = { kind: "product", description: "", divisor: 2 } as Computation;
  const attention = matrix([[0.5, 0.25, 0]]);
  return { props, attention, queries: null, keys: null, dot: null, addedTerm: null, ...some };
}

describe("a query's numbers", () => {
  test("add up: the score is the product and what the model adds to it", () => {
    const row = rowOf(computed({ dot: matrix([[1, 2, 3]]), addedTerm: matrix([[0.5, -1, 0]]) }), null, 0);
    expect([...row.score].map((value) => Number(value.toFixed(6)))).toEqual([1.5, 1, 3]);
  });

  test("are the scores alone where there is no product, and none where there are no scores", () => {
    expect(rowOf(computed({ addedTerm: matrix([[1, 2, 3]]) }), null, 0).score[1]).toBeCloseTo(2, 9);
    expect([...rowOf(computed({}), null, 0).score]).toEqual([NaN, NaN, NaN]);
  });

  test("are blank in every column where a source is masked, though its probability is 0", () => {
    const row = rowOf(computed({ dot: matrix([[1, 2, null]]) }), null, 0);
    for (const values of [row.dot, row.score, row.probability, row.weighted]) expect(values[2]).toBeNaN();
  });

  test("are weighted by the sources' relative norms, the probability stays as it is", () => {
    const row = rowOf(computed({}), Float32Array.from([1, 0.5, 1]), 0);
    expect(row.weighted[1]).toBeCloseTo(0.125, 9);
    expect(row.probability[1]).toBeCloseTo(0.25, 9);
  });
});

const product = computed({
  queries: vectors([[1, -2, 0.3]]),
  keys: vectors([
    [1, 1, 1],
    [0, 3, -4],
    [1, 0, 0],
  ]),
});

test("a dot product's largest terms are those of largest magnitude, with their sign", () => {
  expect(largestTerms(product, 0, 1, 2).map(({ dim, value }) => [dim, Number(value.toFixed(9))])).toEqual([
    [1, -6],
    [2, -1.2],
  ]);
});

test("a dimension's numbers have the digits that the encoding allows, and the product is theirs", () => {
  expect(dimensionTexts(product, 0, 1, 2)).toEqual({ q: "0", k: "-4", product: "-1" });
  expect(dimensionTexts(product, 0, null, 1)).toEqual({ q: "-2", k: null, product: null });
});

test("colour scales leave out the few largest magnitudes and nothing else", () => {
  const plain = Array.from({ length: 100 }, () => [1, -1, 1, 1]);
  const outlying = plain.map((row, i) => (i === 0 ? [9, -1, 1, 1] : row));
  const attention = matrix(plain.map(() => plain.map(() => 0.01)));
  const scales = scalesOf(computed({ queries: vectors(outlying), keys: vectors(plain), attention }));
  expect(scales!.vector).toBeCloseTo(1, 9);
  expect(scales!.product).toBeCloseTo(1, 9);
});
