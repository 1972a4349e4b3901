/** Where things are in the lines view: columns across, rows down, and what lies under a point. Pure. */
import type { Computation } from "../../props";

/** The columns from left to right. */
export const PARTS = [
  "dest",
  "q",
  "destHeads",
  "lines",
  "srcHeads",
  "k",
  "product",
  "dot",
  "addedTerm",
  "score",
  "probability",
  "weighted",
  "src",
] as const;
export type Part = (typeof PARTS)[number];

export interface Column {
  part: Part;
  x: number;
  width: number;
}

export interface Layout {
  columns: Column[];
  /** Of all columns together, CSS pixels. */
  width: number;
}

/** Everything that the layout depends on. */
export interface Wanted {
  /** Available CSS pixels. A layout that needs more is wider. */
  available: number;
  destRoom: number;
  srcRoom: number;
  dHead: number;
  kind: Computation["kind"];
  /** Whether the model adds something to the product. */
  addedTerm: boolean;
  /** Whether a weighted probability stands beside the probability. */
  weighted: boolean;
  expanded: boolean;
}

export const ROW = 22;
/** CSS pixels between columns, and the fewest where columns already have their smallest widths. */
const GAP = 12;
const SMALLEST_GAP = 5;
const NUMBER = 62;
/** Where there is room, short tokens have as much as the words over them. */
const HEADING = 60;

/** The smallest width of a column, and the larger ones that it gets, stage after stage, as far as there is room. */
function widths(part: Part, wanted: Wanted): number[] {
  const { destRoom, srcRoom, dHead, expanded } = wanted;
  if (part === "dest") return [Math.min(destRoom, 64), Math.max(destRoom, HEADING)];
  if (part === "src") return [Math.min(srcRoom, 64), srcRoom];
  if (part === "lines") return expanded ? [36, 64, 120, 220] : [100, 200, 320, 480];
  if (part === "probability" || part === "weighted") return [42, NUMBER, NUMBER, 120];
  if (part === "dot" || part === "addedTerm" || part === "score") return [42, NUMBER];
  const cells = (largest: number, size: number) =>
    Math.max(1, Math.min(size, Math.floor(largest / dHead))) * dHead;
  return dHead > 128
    ? [36, 64, 128, 256]
    : [Math.min(36, 8 * dHead), cells(64, 8), cells(160, 10), cells(256, 14)];
}

/** The columns of a layout: those that the computation has, or tokens and lines only if it is collapsed. */
export function partsOf(wanted: Wanted): Part[] {
  const { expanded, kind, addedTerm, weighted } = wanted;
  const has: Record<Part, boolean> = {
    dest: true,
    q: expanded && kind === "product",
    destHeads: false,
    lines: true,
    srcHeads: false,
    k: expanded && kind === "product",
    product: expanded && kind === "product",
    dot: expanded && kind === "product",
    addedTerm: expanded && kind === "product" && addedTerm,
    score: expanded && (kind === "scores" || (kind === "product" && addedTerm)),
    probability: expanded,
    weighted: expanded && weighted,
    src: true,
  };
  return PARTS.filter((part) => has[part]);
}

export function layOut(wanted: Wanted): Layout {
  const parts = partsOf(wanted);
  const stages = parts.map((part) => widths(part, wanted));
  const first = grow(stages, wanted.available - GAP * (parts.length - 1));
  // The cells of vectors are whole pixels, so vectors do not use all of their share. The other columns get the remainder.
  const fixed = stages.map((stage, i) =>
    isVector(parts[i]) ? [wholeCells(first[i] ?? 0, wanted.dHead)] : stage,
  );
  const final = grow(fixed, wanted.available - GAP * (parts.length - 1));
  const used = final.reduce((sum, width) => sum + width, 0);
  const gap = Math.min(Math.max((wanted.available - used) / (parts.length - 1), SMALLEST_GAP), GAP);
  let x = 0;
  const columns = parts.map((part, i) => {
    const column = { part, x: Math.round(x), width: Math.floor(final[i] ?? 0) };
    x += column.width + gap;
    return column;
  });
  const last = columns[columns.length - 1];
  return { columns, width: last ? last.x + last.width : 0 };
}

/** Distributes the available width stage by stage. If it does not suffice for a stage, all columns get the same share of their wish. */
function grow(stages: number[][], available: number): number[] {
  const now = stages.map((stage) => stage[0] ?? 0);
  let spare = available - now.reduce((sum, width) => sum + width, 0);
  for (let stage = 1; stage < 4; stage++) {
    const wish = stages.map((widths, i) => Math.max((widths[stage] ?? 0) - (now[i] ?? 0), 0));
    const whole = wish.reduce((sum, width) => sum + width, 0);
    const share = whole === 0 ? 0 : Math.min(Math.max(spare / whole, 0), 1);
    wish.forEach((width, i) => (now[i] = (now[i] ?? 0) + share * width));
    spare -= share * whole;
  }
  return now;
}

export function isVector(part: Part | undefined): boolean {
  return part === "q" || part === "k" || part === "product";
}

/** The width of a vector whose cells are whole pixels, so that all look alike. Without room for one pixel per cell they are not. */
function wholeCells(width: number, dHead: number): number {
  return width >= dHead ? Math.floor(width / dHead) * dHead : Math.floor(width);
}

export function columnOf(layout: Layout, part: Part): Column | undefined {
  return layout.columns.find((column) => column.part === part);
}

/** What lies under a point. */
export interface Hit {
  part: Part;
  /** Index of the row in display order. */
  row: number;
  /** Dimension of the vector, null where the column is no vector. */
  dim: number | null;
}

/** `y` counts from the first row's top. Columns reach to the middle of the gaps around them. */
export function hit(layout: Layout, x: number, y: number, dHead: number): Hit | null {
  const row = Math.floor(y / ROW);
  const column = layout.columns.find(({ x: left, width }) => x < left + width + GAP / 2);
  if (!column || row < 0 || x < -GAP) return null;
  const at = Math.floor(((x - column.x) / column.width) * dHead);
  return { part: column.part, row, dim: isVector(column.part) ? Math.min(Math.max(at, 0), dHead - 1) : null };
}

export type Order = "position" | "probability" | "score";

/** The sources from top to bottom: by position, or by value with the largest first. Sources without a value come last, by position. */
export function sourceOrder(order: Order, values: ArrayLike<number>): number[] {
  const sources = Array.from({ length: values.length }, (_, i) => i);
  if (order === "position") return sources;
  const key = (source: number) => {
    const value = values[source] as number;
    return Number.isNaN(value) ? -Infinity : value;
  };
  return sources.sort((a, b) => {
    const [x, y] = [key(a), key(b)];
    return x === y ? a - b : y - x;
  });
}
