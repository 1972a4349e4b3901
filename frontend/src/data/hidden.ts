/** A head without some of its sources: which are hidden, how much they hold, and what remains. Pure. */
import type { Hide } from "../props";
import { Matrix, plainMatrix } from "./matrix";
import { sinksOf } from "./sinks";
import type { Slot } from "./slots";
import type { Weights } from "./weights";

/** Marks of sources, or of columns: 1 for those that are hidden. */
export type Marks = Uint8Array;

/**
 * The hidden sources of a head. A collapsed span is hidden as a whole if one of its tokens is.
 * @param own the source that is a destination's own token
 */
export function hiddenSources(
  matrix: Matrix,
  hide: Hide,
  cols: readonly Slot[],
  own: (dest: number) => number,
): Marks {
  const marks: Marks = new Uint8Array(matrix.cols);
  const found = new Set(hide === "first" ? [0] : sinksOf(matrix, own));
  if (found.size === 0) return marks;
  for (const { start, end } of cols)
    for (let src = start; src < end; src++)
      if (found.has(src)) {
        marks.fill(1, start, end);
        break;
      }
  return marks;
}

/** The columns all of whose sources are hidden. */
export function hiddenColumns(sources: Marks, cols: readonly Pick<Slot, "start" | "end">[]): Marks {
  return Uint8Array.from(cols, ({ start, end }) => (sources.subarray(start, end).includes(0) ? 0 : 1));
}

/**
 * A head's values without those of hidden sources. Renormalized, each row is divided by the sum of what remains; a row of which
 * nothing remains has no values.
 */
export function withoutSources(matrix: Matrix, sources: Marks, renormalize: boolean): Matrix {
  const { codes, zero, missing, scale, rows, cols } = matrix;
  const values = new Float64Array(codes.length).fill(Infinity);
  for (let row = 0; row < rows; row++) {
    const from = matrix.rowStart(row);
    const length = matrix.rowLength(row);
    let rest = 0;
    for (let col = 0; col < length; col++) {
      const code = codes[from + col] as number;
      if (code === missing || sources[col]) continue;
      values[from + col] = (code - zero) * scale;
      rest += values[from + col] as number;
    }
    if (!renormalize) continue;
    for (let i = from; i < from + length; i++)
      values[i] = rest > 0 && values[i] !== Infinity ? (values[i] as number) / rest : Infinity;
  }
  return new Matrix(values, rows, cols, matrix.causal, 1, 0, Infinity);
}

/** The least sum that rows are divided by, by destination; 1 where nothing remains. */
export function remainders(matrix: Matrix, sources: Marks): Float64Array {
  return Float64Array.from({ length: matrix.rows }, (_, dest) => {
    let rest = 0;
    for (let src = 0; src < matrix.rowLength(dest); src++) {
      const value = sources[src] ? NaN : matrix.at(dest, src);
      if (!Number.isNaN(value)) rest += value;
    }
    return rest > 0 ? rest : 1;
  });
}

/**
 * The mean over destinations of the share of their values that the hidden sources have; of magnitudes where values may be negative.
 * Destinations without any value do not count. NaN where there are none.
 */
export function hiddenShare(matrix: Matrix, weights: Weights | null, sources: Marks): number {
  const { codes, zero, missing } = matrix;
  let [sum, count] = [0, 0];
  for (let row = 0; row < matrix.rows; row++) {
    const from = matrix.rowStart(row);
    const length = matrix.rowLength(row);
    let [hidden, all] = [0, 0];
    for (let col = 0; col < length; col++) {
      const code = codes[from + col] as number;
      if (code === missing) continue;
      const size = Math.abs((code - zero) * (weights ? (weights[col] as number) : 1));
      if (!(size > 0)) continue; // also where the weight is not known
      all += size;
      if (sources[col]) hidden += size;
    }
    if (all === 0) continue;
    sum += hidden / all;
    count++;
  }
  return count > 0 ? sum / count : NaN;
}

/** The value of largest magnitude in each block of cells, NaN for a block without values: what a thumbnail shows. */
export function pooled(matrix: Matrix, [tall, wide]: readonly [number, number]): Matrix {
  const [rows, cols] = [Math.ceil(matrix.rows / tall), Math.ceil(matrix.cols / wide)];
  const values = new Float64Array(rows * cols).fill(NaN);
  for (let dest = 0; dest < matrix.rows; dest++)
    for (let src = 0; src < matrix.rowLength(dest); src++) {
      const value = matrix.at(dest, src);
      const at = Math.floor(dest / tall) * cols + Math.floor(src / wide);
      if (!(Math.abs(values[at] as number) >= Math.abs(value)) && !Number.isNaN(value)) values[at] = value;
    }
  return plainMatrix(values, rows, cols);
}
