/** Sizes in CSS pixels: whole pixels per cell where cells are few, so that all cells look alike. */

/** CSS pixels per cell with which `cells` come as near to `target` as whole pixels allow; below 1 where they do not fit. */
export function cellSize(cells: number, target: number): number {
  return cells > target ? target / cells : Math.max(1, Math.round(target / cells));
}

/** Like `cellSize`, but all cells together are not larger than `target`, and no cell is larger than `largest`. */
export function cellSizeWithin(cells: number, target: number, largest: number): number {
  return cells > target ? target / cells : Math.min(largest, Math.max(1, Math.floor(target / cells)));
}

/** CSS pixels of a cell. */
export interface CellSize {
  width: number;
  height: number;
}

/** A pattern is long if one side has so many times the cells of the other. Then its cells need not be square. */
const LONG = 4;
/** Least CSS pixels of a row, if rows are few (or of a column): enough to see, and to hit. */
const FEW = 16;
/** Most CSS pixels that few rows together are stretched to. */
const BREADTH = 240;
/** Least CSS pixels of a cell along the long side. The picture scrolls where they do not fit. */
const MANY = 3;

/**
 * The size of cells: squares of `side` pixels, except in a long pattern. There cells are stretched across, so that a few rows or columns
 * are more than a hairline, and are wide enough along it to point at.
 */
export function stretched(rows: number, cols: number, side: number): CellSize {
  const [few, many] = [Math.min(rows, cols), Math.max(rows, cols)];
  if (many < LONG * few) return { width: side, height: side };
  const across = Math.max(side, Math.floor(Math.min(FEW, BREADTH / few)));
  if (across < MANY) return { width: side, height: side }; // long, but neither side has few
  const along = Math.max(side, MANY);
  return rows < cols ? { width: along, height: across } : { width: across, height: along };
}

/** Zooming ends when the shorter side of a cell has so many CSS pixels. */
const ZOOMED_CELL = 24;

/** The largest zoom of cells of that size at zoom 1. */
export function largestZoom({ width, height }: CellSize): number {
  return Math.max(1, ZOOMED_CELL / Math.min(width, height));
}

/** The size of a cell at a zoom: its shorter side grows first, until the cell is a square. */
export function zoomed({ width, height }: CellSize, zoom: number): CellSize {
  const side = Math.min(width, height) * zoom;
  return { width: Math.max(width, side), height: Math.max(height, side) };
}

/** Side of an overview: one pixel per cell for long sequences, within limits that leave room for thumbnails beside it. */
export function overviewTarget(cells: number): number {
  return Math.min(Math.max(cells, 360), 560);
}

/** Sides of a head's thumbnail, the one to prefer first: smaller where there are many, or where they would not be in sight together. */
export function thumbnailTargets(heads: number): number[] {
  const largest = heads <= 16 ? 96 : heads <= 24 ? 72 : heads <= 64 ? 58 : 46;
  return [96, 72, 58, 46, 34].filter((side) => side <= largest);
}

/** The n for which every n-th label has room, so that labels of that height do not touch. */
export function labelStep(cell: number, lineHeight: number): number {
  return Math.max(1, Math.ceil(lineHeight / cell));
}
