/** Which rows and columns of a heatmap are chosen to be added up. A heatmap reads and changes it; a view keeps it. */
import type { Cell } from "./cell";

/** First and last row (or column), both included. */
export type CellRange = readonly [first: number, last: number];

export type RangeSide = "rows" | "cols";

export interface RangeChoice {
  readonly rows: CellRange | null;
  readonly cols: CellRange | null;
  /** Chooses all between these two. */
  select(side: RangeSide, from: number, to: number): void;
  /** Extends the range to one, from `from` if nothing is chosen. */
  extend(side: RangeSide, from: number, to: number): void;
  /** Chooses one alone, or clears the range if it holds it. */
  toggle(side: RangeSide, index: number): void;
}

/** A row or a column; of the other null. */
export interface Line {
  row: number | null;
  col: number | null;
}

/** A row or a column as a range. */
export function rangesOf({ row, col }: Line): Pick<RangeChoice, RangeSide> {
  return { rows: row === null ? null : [row, row], cols: col === null ? null : [col, col] };
}

/** Extends both ranges from one cell to another: by a click with Shift. */
export function extendTo(ranges: RangeChoice, from: Cell, to: Cell): void {
  ranges.extend("rows", from.row, to.row);
  ranges.extend("cols", from.col, to.col);
}

/** Extends the range along which a key moves. */
export function extendByKey(ranges: RangeChoice, key: string, from: Cell, to: Cell): void {
  if (["ArrowUp", "ArrowDown", "PageUp", "PageDown"].includes(key)) ranges.extend("rows", from.row, to.row);
  else ranges.extend("cols", from.col, to.col);
}
