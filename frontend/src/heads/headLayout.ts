/** The sizes of all thumbnails and of the area in which they stand, so that they are in sight together with the large picture. */
import { cellSize, thumbnailTargets } from "../heatmap/size";
import type { Head } from "../props";
import type { ButtonGrid } from "./atlas";
import { buttonGrid, gridSize, MATRIX_GAP, PAD, TIGHT_PAD } from "./atlas";
import { groupByLayer } from "./groups";
import type { HeadMatrix } from "./matrix";
import { headMatrix } from "./matrix";

export interface HeadLayout {
  /** Null for heads in rows that wrap, with a name below each. */
  matrix: HeadMatrix | null;
  button: ButtonGrid;
  /** CSS pixels of the names beside and above a matrix. */
  rowLabel: number;
  columnLabel: number;
  /** CSS pixels of the area. Where they do not fit in it, it scrolls. */
  width: number;
  height: number;
  scrolls: boolean;
}

interface Input {
  heads: readonly Head[];
  /** Rows and columns of every thumbnail. */
  shape: Shape;
  /** CSS pixels that the area may take; infinitely high on paper, where nothing scrolls. */
  room: number;
  height: number;
}
interface Shape {
  rows: number;
  cols: number;
}

/** Least CSS pixels of a side: a pattern of one or two rows or columns must still be visible, and easy to hit. */
const SHORTEST = 14;
/** Least CSS pixels of a thumbnail's longer side in a matrix: a matrix that does not fit in its area scrolls. */
const SMALLEST = 18;
/** The same on paper, where nothing scrolls. */
const SMALLEST_ON_PAPER = 6;
/** The same of a matrix that scrolls: not all of it is in sight anyway. */
const SCROLLED = 28;
/** A thumbnail has whole pixels per cell where it does not become much smaller by that. */
const WHOLE = 0.75;
const CHARACTER = 7;
const COLUMN_LABEL = 14;
const GROUP_TITLE = 18;
const SCROLL_BAR = 16;

export function headLayout(input: Input): HeadLayout {
  const matrix = headMatrix(input.heads);
  return matrix ? matrixLayout(matrix, input) : captionLayout(input);
}

function matrixLayout(matrix: HeadMatrix, { heads, shape, room, height }: Input): HeadLayout {
  const [rows, columns] = [matrix.rows.length, matrix.columns.length];
  const rowLabel = Math.max(...matrix.rows.map(({ title }) => title?.length ?? 0)) * CHARACTER + 6;
  const target = thumbnailTargets(heads.length)[0] as number;
  const around = 2 * TIGHT_PAD + MATRIX_GAP;
  const onPaper = height === Infinity;
  const smallest = onPaper ? SMALLEST_ON_PAPER : SMALLEST;
  const sizes = (width: number) => {
    const most = {
      width: (width - rowLabel) / columns - around,
      height: (height - COLUMN_LABEL) / rows - around,
    };
    const picture = sized(shape, scaleWithin(shape, target, most, smallest), onPaper ? 1 : SHORTEST);
    const button = {
      perRow: columns,
      gap: MATRIX_GAP,
      width: picture.width + 2 * TIGHT_PAD,
      height: picture.height + 2 * TIGHT_PAD,
      picture: { left: TIGHT_PAD, top: TIGHT_PAD, ...picture },
    };
    return {
      button,
      across: rowLabel + columns * (button.width + MATRIX_GAP),
      down: COLUMN_LABEL + rows * (button.height + MATRIX_GAP),
    };
  };
  const fitting = sizes(room);
  const scrollsDown = fitting.down > height;
  const { button, across } = scrollsDown ? sizes(room - SCROLL_BAR) : fitting;
  return {
    matrix,
    button,
    rowLabel,
    columnLabel: COLUMN_LABEL,
    width: Math.min(room, across + (scrollsDown ? SCROLL_BAR : 0)),
    height,
    scrolls: scrollsDown || across > room,
  };
}

/** CSS pixels per cell of a thumbnail. A matrix scrolls along a side along which its smallest thumbnails do not fit. */
function scaleWithin(
  { rows, cols }: Shape,
  target: number,
  most: { width: number; height: number },
  least: number,
): number {
  const longer = Math.max(rows, cols);
  const smallest = least / longer;
  const limits = [most.width / cols, most.height / rows].map((limit) =>
    limit < smallest ? SCROLLED / longer : limit,
  );
  const scale = Math.min(cellSize(longer, target), ...limits);
  const whole = Math.floor(scale);
  return Math.max(whole >= WHOLE * scale ? whole : scale, smallest);
}

function captionLayout({ heads, shape, room, height }: Input): HeadLayout {
  const groups = groupByLayer(heads).map(({ start, end }) => end - start);
  const longest = Math.max(...heads.map((head) => head.name.length));
  const pad = heads.length > 64 ? TIGHT_PAD : PAD;
  const layouts = thumbnailTargets(heads.length).map((target) => {
    const picture = sized(shape, cellSize(Math.max(shape.rows, shape.cols), target));
    const button = buttonGrid(Math.max(...groups), picture, longest, room, pad);
    const sizes = groups.map((count) => gridSize(button, count));
    const title = groups.length > 1 ? GROUP_TITLE : 0;
    const whole = sizes.reduce((sum, size) => sum + size.height + title, 0);
    return { button, whole, width: groups.length > 1 ? room : Math.min(room, (sizes[0]?.width ?? 0) + 1) };
  });
  const { button, whole, width } =
    layouts.find((layout) => layout.whole <= height) ??
    (layouts[layouts.length - 1] as (typeof layouts)[number]);
  const scrolls = whole > height;
  return {
    matrix: null,
    button,
    rowLabel: 0,
    columnLabel: 0,
    width: scrolls ? room : width,
    height,
    scrolls,
  };
}

function sized({ rows, cols }: Shape, scale: number, shortest = SHORTEST): { width: number; height: number } {
  const side = (cells: number) => Math.max(Math.floor(cells * scale), shortest);
  return { width: side(cols), height: side(rows) };
}
