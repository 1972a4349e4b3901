import { expect, test } from "vitest";
import { sinkMatrix } from "../../test/matrices";
import { plainMatrix, type Matrix } from "./matrix";
import { SINK_QUERIES, sinksOf } from "./sinks";

const self = (dest: number) => dest;

/** By loops over values, as the definition reads. */
function reference(matrix: Matrix, own = (dest: number) => dest): number[] {
  const found: number[] = [];
  for (let src = 0; src < matrix.cols; src++) {
    const shares: number[] = [];
    for (let dest = 0; dest < matrix.rows; dest++) {
      const row = Array.from({ length: matrix.cols }, (_, other) => Math.abs(matrix.at(dest, other)));
      const all = row.filter((size) => !Number.isNaN(size)).reduce((sum, size) => sum + size, 0);
      const size = row[src] as number;
      if (src !== own(dest) && !Number.isNaN(size) && all > 0) shares.push(size / all);
    }
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    if (shares.length >= 5 && mean > 0.3) found.push(src);
  }
  return found;
}

test("a sink gets more than 0.3 of the attention in the mean over later queries", () => {
  const seen = new Set<number>();
  for (let seed = 0; seed < 40; seed++) {
    const matrix = sinkMatrix(9, seed);
    expect(sinksOf(matrix, self)).toEqual(reference(matrix));
    seen.add(sinksOf(matrix, self).length);
  }
  expect([...seen].sort()).toEqual([0, 1, 2]);
});

test("a head that attends to the same token, to the previous one, or to all alike has no sink", () => {
  const kinds = [
    (dest: number, src: number) => Number(src === dest),
    (dest: number, src: number) => Number(src === Math.max(dest - 1, 0)),
    (dest: number) => 1 / (dest + 1),
  ];
  for (const n of [4, 6, 9])
    for (const kind of kinds) {
      const cells = Array.from({ length: n * n }, (_, i) => [Math.floor(i / n), i % n] as const);
      const values = cells.map(([dest, src]) => (src > dest ? NaN : kind(dest, src)));
      expect(sinksOf(plainMatrix(Float64Array.from(values), n, n), self)).toEqual([]);
    }
});

test("where sources are other tokens, all queries count", () => {
  const values = Float64Array.from({ length: 10 }, (_, i) => (i % 2 ? 0.4 : 0.6));
  expect(sinksOf(plainMatrix(values, 5, 2), () => -1)).toEqual([0, 1]);
});

test("with fewer queries than 5, a source is no sink however much it gets", () => {
  const of = (rows: number) =>
    plainMatrix(
      new Float64Array(2 * rows).map((_, i) => (i % 2 ? 0 : 1)),
      rows,
      2,
    );
  expect([SINK_QUERIES - 1, SINK_QUERIES].map((rows) => sinksOf(of(rows), () => -1))).toEqual([[], [0]]);
});

test("queries without attention and missing values do not count", () => {
  const rows = [
    [1, 0],
    [0, 0],
    [NaN, 1],
    [1, 0],
    [1, 1],
    [0.5, 0.5],
    [0.2, 0.8],
  ];
  const matrix = plainMatrix(Float64Array.from(rows.flat()), rows.length, 2);
  const none = () => -1;
  expect(sinksOf(matrix, none)).toEqual(reference(matrix, none));
});
