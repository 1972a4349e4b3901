import { describe, expect, test } from "vitest";
import { Matrix } from "../../data/matrix";
import { Vectors } from "../../data/vectors";
import type { Computation } from "../../props";
import type { HeadComputation } from "./computation";
import { dimensionTexts, largestTerms, queryNumbers } from "./queryNumbers";
import { scaleEnds } from "./colorScales";

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

function computation(some: Partial<HeadComputation>): HeadComputation {
  const props = { kind: "product", description: "", divisor: 2 } as Computation;
  const attention = matrix([[0.5, 0.25, 0]]);
  return { props, attention, queries: null, keys: null, dot: null, addedTerm: null, ...some };
}

describe("a query's numbers", () => {
  test("add up: the score is the product and what the model adds to it", () => {
    const numbers = queryNumbers(
      computation({ dot: matrix([[1, 2, 3]]), addedTerm: matrix([[0.5, -1, 0]]) }),
      null,
      0,
    );
    expect([...numbers.score].map((value) => Number(value.toFixed(6)))).toEqual([1.5, 1, 3]);
  });

  test("are the scores alone where there is no product, and none where there are no scores", () => {
    expect(queryNumbers(computation({ addedTerm: matrix([[1, 2, 3]]) }), null, 0).score[1]).toBeCloseTo(2, 9);
    expect([...queryNumbers(computation({}), null, 0).score]).toEqual([NaN, NaN, NaN]);
  });

  test("are blank in every column where a source is masked, though its probability is 0", () => {
    const numbers = queryNumbers(computation({ dot: matrix([[1, 2, null]]) }), null, 0);
    for (const values of [numbers.dot, numbers.score, numbers.probability, numbers.weighted])
      expect(values[2]).toBeNaN();
  });

  test("are weighted by the sources' relative norms, the probability stays as it is", () => {
    const numbers = queryNumbers(computation({}), Float32Array.from([1, 0.5, 1]), 0);
    expect(numbers.weighted[1]).toBeCloseTo(0.125, 9);
    expect(numbers.probability[1]).toBeCloseTo(0.25, 9);
  });
});

const product = computation({
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

test("color scales leave out the few largest magnitudes and nothing else", () => {
  const plain = Array.from({ length: 100 }, () => [1, -1, 1, 1]);
  const outlying = plain.map((row, i) => (i === 0 ? [9, -1, 1, 1] : row));
  const attention = matrix(plain.map(() => plain.map(() => 0.01)));
  const scales = scaleEnds(computation({ queries: vectors(outlying), keys: vectors(plain), attention }));
  expect(scales!.vector).toBeCloseTo(1, 9);
  expect(scales!.product).toBeCloseTo(1, 9);
});
