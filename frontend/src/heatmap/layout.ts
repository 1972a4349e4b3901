/** Where the parts of a labelled heatmap are. The page and its scene share these numbers, so that an export equals the page. */
import type { CellSize } from "./size";
import { cellSizeWithin, stretched } from "./size";

/** CSS pixels beside the row labels, in which the rows' title stands, turned by 90 degrees. */
export const TITLE_WIDTH = 20;
/** CSS pixels between row labels and picture; a label ends in the middle of them. */
export const LABEL_GAP = 12;
/** CSS pixels between picture and column labels. */
export const COLUMN_GAP = 6;
/** CSS pixels above the picture: half a label of the first row. */
export const TOP = 8;
/** Degrees by which column labels lean. */
export const LEAN = 60;
/** Height of a leaning label of length 1: the sine of `LEAN`, rounded up. */
const SLOPE = 0.87;
/** Height of a line of labels, and of a title. */
export const LABEL_LINE = 14;
export const TITLE_LINE = 16;
/** CSS pixels of an upright column label: its width with the gap beside it, and from the picture to the middle of its line. */
export const UPRIGHT_PITCH = 22;
export const UPRIGHT_MIDDLE = 11;

/** CSS pixels of the largest cell: a small picture does not fill all of its place. */
const LARGEST_CELL = 44;
/** Least height of a picture that has a title beside its rows. */
const TITLED_HEIGHT = 110;
/** Least width of a picture that is shrunk to fit. */
const LEAST_WIDTH = 120;
export interface LayoutInput {
  rows: number;
  cols: number;
  /** Columns that the size of cells is computed for. */
  sizedFor: number;
  /** CSS pixels for the longest label of rows and of columns (see `labelRoom`), and beyond the last column. */
  rowRoom: number;
  colRoom: number;
  beyond: number;
  /** Whether column labels stand upright. */
  upright?: boolean;
  /** CSS pixels across, and of the picture's height where cells are many. */
  width: number;
  tallest: number;
}

export interface HeatmapLayout {
  rows: number;
  cols: number;
  cell: CellSize;
  rowRoom: number;
  colRoom: number;
  /** Of the cells, from the top left corner of the row title's column. */
  picture: { left: number; top: number; width: number; height: number };
  hasRowTitle: boolean;
  /** Height of the column labels. */
  colHeight: number;
  /** All of it, labels that lean beyond the last column included. */
  width: number;
  height: number;
  /** Whether the picture is long: few rows or columns, whose cells are not square. */
  long: boolean;
  /** CSS pixels that the picture may take. A long one may have more. */
  room: CellSize;
}

export function heatmapLayout(input: LayoutInput): HeatmapLayout {
  const { rows, cols, sizedFor, rowRoom, colRoom, beyond, upright, tallest } = input;
  const left = TITLE_WIDTH + rowRoom + LABEL_GAP;
  const across = Math.max(input.width - left - beyond, LEAST_WIDTH);
  const side = Math.min(
    cellSizeWithin(sizedFor, across, LARGEST_CELL),
    cellSizeWithin(rows, tallest, LARGEST_CELL),
  );
  const cell = stretched(rows, sizedFor, side);
  const long = cell.width !== cell.height;
  const [width, height] = [cols * cell.width, rows * cell.height];
  const colHeight = upright ? UPRIGHT_MIDDLE + LABEL_LINE / 2 : SLOPE * colRoom + LABEL_LINE + 2;
  return {
    rows,
    cols,
    cell,
    rowRoom,
    colRoom,
    picture: { left, top: TOP, width, height },
    hasRowTitle: height >= TITLED_HEIGHT,
    colHeight,
    width: left + width + beyond,
    height: TOP + height + colHeight + TITLE_LINE,
    long,
    // Zoomed, a picture stays as large as it is, so that nothing around it moves. One of fewer columns may have the width of all.
    room: long ? { width: across, height: tallest } : { width: sizedFor * cell.width, height },
  };
}
