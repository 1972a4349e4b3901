/**
 * Which part of a picture of cells is seen through its frame, at which size: pure functions. The place is kept in cells, so that it
 * stays when the sizes of cells and frame change.
 */
import type { Cell } from "./cell";
import type { CellSize } from "./size";
import { zoomed } from "./size";

export interface Zoom {
  /** 1 is the size at which a picture is shown first. */
  zoom: number;
  /** The row and the column at the top left corner, with fractions of a cell. */
  row: number;
  col: number;
}

/** What is looked at. */
export interface ZoomArea {
  rows: number;
  cols: number;
  /** A cell at zoom 1. */
  fit: CellSize;
  /** CSS pixels that the frame may take. */
  room: CellSize;
  /** 1 for a picture that cannot be zoomed. */
  largest: number;
}

/** What is seen of it, in CSS pixels. */
export interface Seen {
  zoom: number;
  cell: CellSize;
  /** The frame: as large as its room, or as the whole picture. */
  frame: CellSize;
  /** The whole picture. */
  whole: CellSize;
  /** How much of the picture is left of the frame and above it. */
  left: number;
  top: number;
}

export interface Point {
  x: number;
  y: number;
}

export const FIT: Zoom = { zoom: 1, row: 0, col: 0 };

/** CSS pixels by which a picture may exceed its frame through rounding alone. */
const ROUNDING = 0.5;

export function seenOf(area: ZoomArea, { zoom: wanted, row, col }: Zoom): Seen {
  const zoom = clamp(wanted, 1, area.largest);
  const cell = zoomed(area.fit, zoom);
  const whole = { width: area.cols * cell.width, height: area.rows * cell.height };
  const frame = {
    width: Math.min(whole.width, area.room.width + ROUNDING),
    height: Math.min(whole.height, area.room.height + ROUNDING),
  };
  return {
    zoom,
    cell,
    frame,
    whole,
    left: clamp(col * cell.width, 0, whole.width - frame.width),
    top: clamp(row * cell.height, 0, whole.height - frame.height),
  };
}

/** The same part with another zoom, so that what is at a point of the frame stays there unless the picture's edge would enter the frame. */
export function zoomAbout(area: ZoomArea, from: Zoom, zoom: number, at: Point): Zoom {
  const before = seenOf(area, from);
  const { cell, zoom: reached } = seenOf(area, { ...from, zoom });
  const col = (before.left + at.x) / before.cell.width - at.x / cell.width;
  const row = (before.top + at.y) / before.cell.height - at.y / cell.height;
  return kept(area, { zoom: reached, row, col });
}

/** The part that is seen after the picture was moved by so many CSS pixels. */
export function panned(area: ZoomArea, from: Zoom, x: number, y: number): Zoom {
  const { left, top, cell, zoom } = seenOf(area, from);
  return kept(area, { zoom, row: (top - y) / cell.height, col: (left - x) / cell.width });
}

/** The nearest part in which all of a cell is seen. */
export function revealed(area: ZoomArea, from: Zoom, { row, col }: Cell): Zoom {
  const { left, top, cell, frame, zoom } = seenOf(area, from);
  const near = (start: number, size: number, index: number, room: number) =>
    clamp(start, (index + 1) * size - room, index * size) / size;
  return kept(area, {
    zoom,
    row: near(top, cell.height, row, frame.height),
    col: near(left, cell.width, col, frame.width),
  });
}

/** The cell at a point of the frame; the nearest one for a point outside. */
export function cellAt({ rows, cols }: ZoomArea, { left, top, cell }: Seen, { x, y }: Point): Cell {
  return {
    row: clamp(Math.floor((top + y) / cell.height), 0, rows - 1),
    col: clamp(Math.floor((left + x) / cell.width), 0, cols - 1),
  };
}

/** The middle of a cell, from the frame's corner. */
export function middleOf({ left, top, cell }: Seen, { row, col }: Cell): Point {
  return { x: (col + 0.5) * cell.width - left, y: (row + 0.5) * cell.height - top };
}

export function isInFrame({ frame }: Seen, { x, y }: Point): boolean {
  return x >= 0 && x <= frame.width && y >= 0 && y <= frame.height;
}

/** Whether there is more than the frame shows, across and down. */
export function exceeds({ frame, whole }: Seen): { across: boolean; down: boolean } {
  return { across: whole.width > frame.width + ROUNDING, down: whole.height > frame.height + ROUNDING };
}

/** On paper nothing can be moved: all cells are in the frame, and as much smaller as that needs. */
export function onPaper({ rows, cols, fit, room }: ZoomArea): ZoomArea {
  const width = Math.min(fit.width, room.width / cols);
  const height = Math.min(fit.height, room.height / rows);
  const side = Math.min(width, height);
  const size = fit.width === fit.height ? { width: side, height: side } : { width, height };
  return { rows, cols, fit: size, room, largest: 1 };
}

/** As it is seen: without what lies beyond the limits. */
function kept(area: ZoomArea, wanted: Zoom): Zoom {
  const { zoom, left, top, cell } = seenOf(area, wanted);
  return { zoom, row: top / cell.height, col: left / cell.width };
}

/** The nearest number within limits; the upper one where they exclude each other. */
function clamp(value: number, least: number, largest: number): number {
  return Math.min(Math.max(value, least), largest);
}
