/** The geometry of the grid: stages from the top down, the last one first, and positions from left to right, in a frame that scrolls. */
import type { Cell } from "../../heatmap/cell";

/** CSS pixels of a cell, of the line of targets above, of the line of tokens below, and of the names of stages. */
export const CELL = { width: 78, height: 22 };
export const [ABOVE, BELOW, NAMES] = [22, 22, 74];

/** CSS pixels that are scrolled away. */
export interface Scroll {
  left: number;
  top: number;
}

export interface Size {
  width: number;
  height: number;
}

/** All that is drawn at a time. */
export interface GridView {
  rows: number;
  cols: number;
  /** CSS pixels of the frame, with the labels in it. */
  frame: Size;
  scroll: Scroll;
}

/** CSS pixels of all of it. */
export function wholeSize(rows: number, cols: number): Size {
  return { width: NAMES + cols * CELL.width, height: ABOVE + rows * CELL.height + BELOW };
}

/** CSS pixels of the frame that cells may take. */
function inner({ frame }: GridView): Size {
  return { width: frame.width - NAMES, height: frame.height - ABOVE - BELOW };
}

/** First row and column in sight, and those behind the last ones. */
export function inSight(view: GridView): { top: number; bottom: number; left: number; right: number } {
  const { width, height } = inner(view);
  const { scroll, rows, cols } = view;
  return {
    top: Math.max(Math.floor(scroll.top / CELL.height), 0),
    bottom: Math.min(Math.ceil((scroll.top + height) / CELL.height), rows),
    left: Math.max(Math.floor(scroll.left / CELL.width), 0),
    right: Math.min(Math.ceil((scroll.left + width) / CELL.width), cols),
  };
}

/** Top left corner of a cell in the frame. */
export function cornerOf({ scroll }: GridView, { row, col }: Cell): { x: number; y: number } {
  return { x: NAMES + col * CELL.width - scroll.left, y: ABOVE + row * CELL.height - scroll.top };
}

/** The cell at a point of the frame; null at labels, and beside the cells. */
export function cellAt(view: GridView, x: number, y: number): Cell | null {
  const { width, height } = inner(view);
  if (x < NAMES || y < ABOVE || x >= NAMES + width || y >= ABOVE + height) return null;
  const col = Math.floor((x - NAMES + view.scroll.left) / CELL.width);
  const row = Math.floor((y - ABOVE + view.scroll.top) / CELL.height);
  return col < view.cols && row < view.rows ? { row, col } : null;
}

/** Whether the middle of a cell is in sight. */
export function shows(view: GridView, cell: Cell): boolean {
  const { x, y } = cornerOf(view, cell);
  const [middle, center] = [x + CELL.width / 2, y + CELL.height / 2];
  const { width, height } = inner(view);
  return middle >= NAMES && middle <= NAMES + width && center >= ABOVE && center <= ABOVE + height;
}

/** How far the frame must be scrolled for a cell to be in sight as a whole: as little as possible. */
export function revealing(view: GridView, { row, col }: Cell): Scroll {
  const { width, height } = inner(view);
  return {
    left: nearest(view.scroll.left, col * CELL.width, CELL.width, width),
    top: nearest(view.scroll.top, row * CELL.height, CELL.height, height),
  };
}

function nearest(scrolled: number, start: number, length: number, room: number): number {
  if (start < scrolled || length > room) return start;
  return start + length > scrolled + room ? start + length - room : scrolled;
}

/** Strips of a sheet of paper, at most: those of a text that nobody would print in pictures of words. */
const MOST_STRIPS = 12;

/** Parts of the grid one below the other, each with all rows and as many columns as fit into a width, from a column on. */
export function strips({ rows, cols }: GridView, from: number, width: number): GridView[] {
  const each = Math.max(Math.floor((width - NAMES) / CELL.width), 1);
  const first = cols <= each * MOST_STRIPS ? 0 : from;
  const count = Math.min(Math.ceil((cols - first) / each), MOST_STRIPS);
  return Array.from({ length: count }, (_, i) => {
    const start = first + i * each;
    const length = Math.min(each, cols - start);
    return {
      rows,
      cols,
      frame: wholeSize(rows, length),
      scroll: { left: start * CELL.width, top: 0 },
    };
  });
}
