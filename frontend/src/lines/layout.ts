/** Where things are in the lines view: columns across, rows down, and what lies under a point. Pure. */
import type { Computation } from "../props";

/** The columns from left to right. */
export const PARTS = [
  "dest",
  "q",
  "lines",
  "k",
  "product",
  "dot",
  "rest",
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

/** What an arrangement depends on. */
export interface Wanted {
  /** CSS pixels at hand; the layout is wider where they do not suffice. */
  available: number;
  destRoom: number;
  srcRoom: number;
  dHead: number;
  kind: Computation["kind"];
  /** Whether the model adds something to the product. */
  rest: boolean;
  /** Whether a weighted probability stands beside the probability. */
  weighted: boolean;
  expanded: boolean;
}

export const ROW = 22;
const GAP = 14;
const NUMBER = 62;
const LARGEST_VECTOR = 256;

/** Smallest and largest width of each column. */
function limits(part: Part, wanted: Wanted): [number, number] {
  if (part === "dest") return [wanted.destRoom, wanted.destRoom];
  if (part === "src") return [wanted.srcRoom, wanted.srcRoom];
  if (part === "lines") return wanted.expanded ? [64, 220] : [140, 480];
  if (part === "probability" || part === "weighted") return [NUMBER, 120];
  if (part === "dot" || part === "rest" || part === "score") return [NUMBER, NUMBER];
  return [Math.min(64, 8 * wanted.dHead), Math.min(LARGEST_VECTOR, 14 * wanted.dHead)];
}

/** The columns that there are: only what the computation has, and only the lines where it is collapsed. */
export function partsOf(wanted: Wanted): Part[] {
  const { expanded, kind, rest, weighted } = wanted;
  const has: Record<Part, boolean> = {
    dest: true,
    q: expanded && kind === "product",
    lines: true,
    k: expanded && kind === "product",
    product: expanded && kind === "product",
    dot: expanded && kind === "product",
    rest: expanded && kind === "product" && rest,
    score: expanded && (kind === "scores" || (kind === "product" && rest)),
    probability: expanded,
    weighted: expanded && weighted,
    src: true,
  };
  return PARTS.filter((part) => has[part]);
}

/** All columns grow from their smallest to their largest width by the same share of what they want. */
export function layOut(wanted: Wanted): Layout {
  const sizes = partsOf(wanted).map((part) => ({ part, limits: limits(part, wanted) }));
  const least = sizes.reduce((sum, size) => sum + size.limits[0], GAP * (sizes.length - 1));
  const wish = sizes.reduce((sum, size) => sum + size.limits[1] - size.limits[0], 0);
  const share = wish === 0 ? 0 : Math.min(Math.max((wanted.available - least) / wish, 0), 1);
  let x = 0;
  const columns = sizes.map(({ part, limits: [small, large] }) => {
    const free = small + share * (large - small);
    const column = { part, x, width: wholeCells(part, free, wanted.dHead) };
    x += column.width + GAP;
    return column;
  });
  return { columns, width: x - GAP };
}

/** A vector's cells are whole pixels where they can be, so that all look alike. */
function wholeCells(part: Part, width: number, dHead: number): number {
  const vector = part === "q" || part === "k" || part === "product";
  return vector && width >= dHead ? Math.floor(width / dHead) * dHead : Math.floor(width);
}

export function columnOf(layout: Layout, part: Part): Column | undefined {
  return layout.columns.find((column) => column.part === part);
}

/** What lies under a point. */
export interface Hit {
  part: Part;
  /** Row under the point, in display order. */
  row: number;
  /** Dimension of the vector, null where the column is no vector. */
  dim: number | null;
}

/** `y` counts from the first row's top. Columns reach to the middle of the gaps around them. */
export function hit(layout: Layout, x: number, y: number, dHead: number): Hit | null {
  const row = Math.floor(y / ROW);
  const column = layout.columns.find(({ x: left, width }) => x < left + width + GAP / 2);
  if (!column || row < 0 || x < -GAP) return null;
  const vector = column.part === "q" || column.part === "k" || column.part === "product";
  const at = Math.floor(((x - column.x) / column.width) * dHead);
  return { part: column.part, row, dim: vector ? Math.min(Math.max(at, 0), dHead - 1) : null };
}

export type Order = "position" | "probability" | "score";

/** The sources from top to bottom: as they stand, or the largest first; sources without a value last, as they stand. */
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
