/**
 * Values of several queries and keys as one: the mean over the queries of the sum over the keys, in float64. Masked cells and missing
 * values add nothing, so that rows of probabilities still sum to 1. A query without any value in all of its row is not counted.
 */
import type { Matrix } from "./matrix";
import { plainMatrix } from "./matrix";
import type { Slot } from "./slots";
import { slotAt } from "./slots";
import type { Weights } from "./weights";
import { valueAt } from "./weights";

/** The matrix of slots: each row the mean over its queries, each column the sum over its keys; NaN where no cell has a value. */
export function collapse(
  matrix: Matrix,
  weights: Weights | null,
  rows: readonly Slot[],
  cols: readonly Slot[],
): Matrix {
  const n = cols.length;
  const values = new Float64Array(rows.length * n).fill(NaN);
  const sums = new Float64Array(n);
  const filled = new Uint8Array(n);
  const slotOfSource = Uint32Array.from({ length: matrix.cols }, (_, src) => slotAt(cols, src));
  rows.forEach(({ start, end }, row) => {
    sums.fill(0);
    filled.fill(0);
    let queries = 0;
    for (let dest = start; dest < end; dest++) {
      let hasValue = false;
      const length = matrix.rowLength(dest);
      for (let src = 0; src < length; src++) {
        const value = valueAt(matrix, weights, dest, src);
        if (Number.isNaN(value)) continue;
        const col = slotOfSource[src] as number;
        sums[col] = (sums[col] as number) + value;
        filled[col] = 1;
        hasValue = true;
      }
      if (hasValue) queries++;
    }
    for (let col = 0; col < n; col++)
      if (filled[col]) values[row * n + col] = (sums[col] as number) / queries;
  });
  return plainMatrix(values, rows.length, n);
}

/** A block of cells as one value, and what it is made of. */
export interface Block {
  /** NaN if no cell has a value. */
  value: number;
  /** Queries that the mean is over. */
  queries: number;
  /** Queries among them that have no value in the block. */
  idle: number;
  /** Queries without any value in all of their row. */
  empty: number;
  /** Cells of the block without a value, in rows that have one. */
  blank: number;
}

type Range = Pick<Slot, "start" | "end">;

/** The value of a block: that of the cell if both ranges were collapsed. */
export function blockOf(matrix: Matrix, weights: Weights | null, dests: Range, srcs: Range): Block {
  const block = { value: NaN, queries: 0, idle: 0, empty: 0, blank: 0 };
  let sum = 0;
  for (let dest = dests.start; dest < dests.end; dest++) {
    let [inside, anywhere] = [0, false];
    for (let src = 0; src < matrix.cols; src++) {
      const value = valueAt(matrix, weights, dest, src);
      if (Number.isNaN(value)) continue;
      anywhere = true;
      if (src < srcs.start || src >= srcs.end) continue;
      inside++;
      sum += value;
    }
    if (!anywhere) block.empty++;
    else {
      block.queries++;
      block.blank += srcs.end - srcs.start - inside;
      if (inside === 0) block.idle++;
    }
  }
  if (block.queries > block.idle) block.value = sum / block.queries;
  return block;
}
