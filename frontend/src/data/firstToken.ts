/** How much attention goes to the first token: models put what they have no other use for there, and it leaves other cells pale. */
import type { Matrix } from "./matrix";
import type { Weights } from "./weights";

/**
 * The mean over destinations of the share of their values that these sources (from the first, up to and without `end`) have; of
 * magnitudes where values may be negative. Destinations without any value do not count. NaN where there are none.
 */
export function shareOfFirst(matrix: Matrix, weights: Weights | null, end: number): number {
  const { codes, zero, missing } = matrix;
  let [sum, count] = [0, 0];
  for (let row = 0; row < matrix.rows; row++) {
    const from = matrix.rowStart(row);
    const length = matrix.rowLength(row);
    let [first, all] = [0, 0];
    for (let col = 0; col < length; col++) {
      const code = codes[from + col] as number;
      if (code === missing) continue;
      const size = Math.abs((code - zero) * (weights ? (weights[col] as number) : 1));
      if (!(size > 0)) continue; // also where the weight is not known
      all += size;
      if (col < end) first += size;
    }
    if (all === 0) continue;
    sum += first / all;
    count++;
  }
  return count > 0 ? sum / count : NaN;
}
