/** Attention sinks: sources that get most of a head's attention whatever the query is. */
import type { Matrix } from "./matrix";

/** A source is a sink above this share of the attention, in the mean over queries (X. Gu et al., arXiv 2410.10781). */
export const SINK_SHARE = 0.3;
/** Queries that must be able to attend to a sink: with fewer, the first token of a head that attends to all alike would be one. */
export const SINK_QUERIES = 5;

/**
 * The sources whose share of a query's attention (of magnitudes where values may be negative) exceeds `SINK_SHARE` in the mean over
 * the queries of other tokens that have a value there. Queries without any attention do not count.
 * @param own the source that is a destination's own token
 */
export function sinksOf(matrix: Matrix, own: (dest: number) => number): number[] {
  const { codes, zero, missing, rows, cols } = matrix;
  const shares = new Float64Array(cols);
  const queries = new Uint32Array(cols);
  for (let row = 0; row < rows; row++) {
    const from = matrix.rowStart(row);
    const length = matrix.rowLength(row);
    let all = 0;
    for (let col = 0; col < length; col++) {
      const code = codes[from + col] as number;
      if (code !== missing) all += Math.abs(code - zero);
    }
    if (all === 0) continue;
    const self = own(row);
    for (let col = 0; col < length; col++) {
      const code = codes[from + col] as number;
      if (code === missing || col === self) continue;
      shares[col] = (shares[col] as number) + Math.abs(code - zero) / all;
      queries[col] = (queries[col] as number) + 1;
    }
  }
  return Array.from(shares.keys()).filter((col) => {
    const count = queries[col] as number;
    return count >= SINK_QUERIES && (shares[col] as number) / count > SINK_SHARE;
  });
}
