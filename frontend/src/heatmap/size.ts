/** How big things are drawn: whole pixels per cell where cells are few, so that all cells look alike. */

/** CSS pixels per cell so that `cells` come as near to `target` pixels as whole cells can; below 1 where they do not fit. */
export function cellSize(cells: number, target: number): number {
  return cells > target ? target / cells : Math.max(1, Math.round(target / cells));
}

/** As `cellSize`, but never larger than `target` altogether. */
export function cellSizeWithin(cells: number, target: number, largest: number): number {
  return cells > target ? target / cells : Math.min(largest, Math.max(1, Math.floor(target / cells)));
}

/** CSS pixels of a cell. */
export interface CellSize {
  width: number;
  height: number;
}

/** How many times as long as wide a pattern is from which its cells need not be square. */
const LONG = 4;
/** CSS pixels that few rows (or columns) have at least: enough to see, and to hit. */
const FEW = 16;
/** CSS pixels that they take together at most, if they are stretched. */
const BREADTH = 240;
/** The same for the many along the long side: the picture scrolls where they do not fit. */
const MANY = 3;

/**
 * Cells of a pattern for which squares of `side` pixels would be right if it were not long: those of a long one are stretched across, so that
 * its few rows or columns are no hairline, and are wide enough along it to be pointed at.
 */
export function stretched(rows: number, cols: number, side: number): CellSize {
  const [few, many] = [Math.min(rows, cols), Math.max(rows, cols)];
  if (many < LONG * few) return { width: side, height: side };
  const across = Math.max(side, Math.floor(Math.min(FEW, BREADTH / few)));
  if (across < MANY) return { width: side, height: side }; // long, but neither side has few
  const along = Math.max(side, MANY);
  return rows < cols ? { width: along, height: across } : { width: across, height: along };
}

/** The cell `zoom` times as large: its shorter side grows first, until it is a square. */
export function zoomed({ width, height }: CellSize, zoom: number): CellSize {
  const side = Math.min(width, height) * zoom;
  return { width: Math.max(width, side), height: Math.max(height, side) };
}

/** Side of an overview: one pixel per cell for long sequences, as far as that leaves room for thumbnails beside it. */
export function overviewTarget(cells: number): number {
  return Math.min(Math.max(cells, 360), 560);
}

/** Side of a head's thumbnail: smaller where there are many, and where they stand in rows above the picture. */
export function thumbnailTarget(heads: number, above = false): number {
  if (above) return heads <= 24 ? 72 : heads <= 64 ? 46 : 34; // two layers or more side by side: the picture stays near
  return heads <= 16 ? 96 : heads <= 24 ? 72 : heads <= 64 ? 58 : 46;
}

/** Every n-th label, so that labels of that height do not touch. */
export function labelStep(cell: number, lineHeight: number): number {
  return Math.max(1, Math.ceil(lineHeight / cell));
}
