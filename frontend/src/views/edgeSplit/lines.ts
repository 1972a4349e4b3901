/** The parts of a query or a key that have a line of their own, in bars and table, and the sum of the others. Pure. */
import { largestByMagnitude } from "../../data/largest";
import type { Matrix } from "../../data/matrix";
import type { EdgeSide } from "../../props";

export interface Line {
  /** Index of its part; `REST` for the sum of the parts without a line. */
  key: number;
  name: string;
  /** What it adds with all of the other side. */
  value: number;
  /** Indices of its parts. */
  parts: number[];
}

export type LineOrder = "size" | "model";

/** The key of the line of all smaller parts. */
export const REST = -1;

/**
 * The largest `count` parts (null for all) in that order, then the sum of the smaller ones, then what is unaccounted. Two smaller ones at
 * least: one has a line of its own.
 */
export function linesOf(side: EdgeSide, order: LineOrder, count: number | null): Line[] {
  const last = side.parts.length - 1;
  const all = side.sums.map((value, key) => ({ key, name: side.parts[key] ?? "", value, parts: [key] }));
  const ranked = largestByMagnitude(all.slice(0, last));
  const few = count === null || ranked.length <= count + 1 ? ranked.length : count;
  const shown = ranked.slice(0, few);
  if (order === "model") shown.sort((a, b) => a.key - b.key);
  const others = ranked.slice(few);
  const rest = {
    key: REST,
    name: `${others.length} others`,
    value: others.reduce((sum, { value }) => sum + value, 0),
    parts: others.map(({ key }) => key),
  };
  return [...shown, ...(others.length > 0 ? [rest] : []), ...all.slice(last)];
}

/** What each pair of lines adds, row by row. */
export function pairsOf(table: Matrix, rows: readonly Line[], cols: readonly Line[]): Float64Array {
  const values = new Float64Array(rows.length * cols.length);
  let place = 0;
  for (const row of rows)
    for (const col of cols) {
      let sum = 0;
      for (const query of row.parts) for (const key of col.parts) sum += table.at(query, key);
      values[place++] = sum;
    }
  return values;
}

/** The place of a line; null where the part has none. */
export function placeOf(lines: readonly Line[], key: number | null): number | null {
  const place = key === null ? -1 : lines.findIndex((line) => line.key === key);
  return place < 0 ? null : place;
}
