import { describe, expect, test } from "vitest";
import { blockOf, collapse } from "./collapse";
import { Matrix, plainMatrix } from "./matrix";
import type { Slot } from "./slots";

/** A generator of numbers in [0, 1), the same in every run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Cuts 0 .. count - 1 into slots of random length. */
function cut(count: number, next: () => number): Slot[] {
  const slots: Slot[] = [];
  for (let start = 0; start < count;) {
    const end = Math.min(count, start + 1 + Math.floor(next() * 4));
    slots.push({ start, end, name: end - start > 1 ? `s${start}` : null });
    start = end;
  }
  return slots;
}

/** Random values; some missing; all of a row missing now and then; masked above the diagonal if `causal`. */
function table(rows: number, cols: number, causal: boolean, next: () => number): number[][] {
  return Array.from({ length: rows }, (_, row) => {
    const empty = next() < 0.1;
    return Array.from({ length: cols }, (_, col) => {
      const value = next() * 2 - 1;
      return empty || next() < 0.1 || (causal && col > row + cols - rows) ? NaN : value;
    });
  });
}

/** As the definition says, cell by cell. */
function slow(values: number[][], weights: number[] | null, row: Slot, col: Slot): number {
  const weighted = values.map((line) => line.map((value, src) => (weights ? value * weights[src]! : value)));
  const queries = weighted.slice(row.start, row.end).filter((line) => line.some((x) => !Number.isNaN(x)));
  const cells = queries.flatMap((line) => line.slice(col.start, col.end)).filter((x) => !Number.isNaN(x));
  return cells.length === 0 ? NaN : cells.reduce((sum, x) => sum + x, 0) / queries.length;
}

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

describe.each(SEEDS)("random values %i", (seed) => {
  const next = random(seed + 1);
  const [rows, cols] = [1 + Math.floor(next() * 9), 1 + Math.floor(next() * 9)];
  const causal = rows <= cols && next() < 0.5;
  const values = table(rows, cols, causal, next);
  const weights =
    next() < 0.5 ? Float32Array.from({ length: cols }, () => (next() < 0.1 ? NaN : next())) : null;
  const [rowSlots, colSlots] = [cut(rows, next), cut(cols, next)];
  const matrix = plainMatrix(Float64Array.from(values.flat()), rows, cols);

  test("a collapsed matrix is what the definition says, cell by cell", () => {
    const got = collapse(matrix, weights, rowSlots, colSlots);
    rowSlots.forEach((row, r) =>
      colSlots.forEach((col, c) => {
        const want = slow(values, weights && [...weights], row, col);
        if (Number.isNaN(want)) expect(got.at(r, c)).toBeNaN();
        else expect(got.at(r, c)).toBeCloseTo(want, 12);
      }),
    );
  });

  test("a block is the collapsed cell of its ranges, and says what it leaves out", () => {
    const collapsed = collapse(matrix, weights, rowSlots, colSlots);
    rowSlots.forEach((row, r) =>
      colSlots.forEach((col, c) => {
        const block = blockOf(matrix, weights, row, col);
        if (Number.isNaN(collapsed.at(r, c))) expect(block.value).toBeNaN();
        else expect(block.value).toBeCloseTo(collapsed.at(r, c), 12);
        expect(block.queries + block.empty).toBe(row.end - row.start);
        expect(block.idle).toBeLessThanOrEqual(block.queries);
        expect(block.blank).toBeLessThanOrEqual(block.queries * (col.end - col.start));
      }),
    );
  });
});

test("rows of probabilities still sum to 1, whichever spans are collapsed and with a causal mask", () => {
  for (const seed of SEEDS) {
    const next = random(seed + 100);
    const n = 2 + Math.floor(next() * 8);
    const codes = new Uint16Array((n * (n + 1)) / 2);
    let at = 0;
    for (let row = 0; row < n; row++) {
      const parts = Array.from({ length: row + 1 }, () => 1 + Math.floor(next() * 100));
      const sum = parts.reduce((a, b) => a + b, 0);
      const rounded = parts.map((part) => Math.floor((part / sum) * 60000));
      rounded[0] = rounded[0]! + 60000 - rounded.reduce((a, b) => a + b, 0);
      codes.set(rounded, at);
      at += row + 1;
    }
    const matrix = new Matrix(codes, n, n, true, 1 / 60000, 0, 65535);
    const slots = cut(n, next);
    const collapsed = collapse(matrix, null, slots, slots);
    slots.forEach((_, row) => {
      const line = slots.map((_, col) => collapsed.at(row, col)).filter((x) => !Number.isNaN(x));
      expect(line.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    });
    // above the diagonal of slots there is nothing
    slots.slice(1).forEach((_, row) => expect(collapsed.at(row, row + 1)).toBeNaN());
  }
});

test("a query that cannot attend to any of the keys counts as 0, one without any value does not count", () => {
  const values = [
    [1, NaN, NaN],
    [0.5, 0.5, NaN],
    [NaN, NaN, NaN],
  ];
  const matrix = plainMatrix(Float64Array.from(values.flat()), 3, 3);
  const block = blockOf(matrix, null, { start: 0, end: 3 }, { start: 1, end: 3 });
  expect(block).toEqual({ value: 0.25, queries: 2, idle: 1, empty: 1, blank: 3 });
});
