/** Where things are where several heads are shown: tokens, lines between them, and beside each token a block for each head. Pure. */
import { type Column, type Layout, ROW } from "./layout";

export interface HeadsWanted {
  /** Available CSS pixels. A layout that needs more is wider. */
  available: number;
  destRoom: number;
  srcRoom: number;
  /** Heads on screen. */
  heads: number;
}

const GAP = 8;
/** CSS pixels: the smallest widths of tokens and lines, the largest of lines and of a block. */
const TOKENS = 64;
const [LINES, MOST_LINES] = [72, 620];
const BLOCK = 8;

export function layOutHeads({ available, destRoom, srcRoom, heads }: HeadsWanted): Layout {
  const blocks = Math.round(Math.min(heads * BLOCK, Math.max(0.12 * available, 40)));
  const spare = available - 2 * blocks - 4 * GAP - LINES;
  const share = Math.min(1, Math.max(0, spare) / (destRoom + srcRoom));
  const [dest, src] = [destRoom, srcRoom].map((room) => Math.floor(Math.max(share * room, TOKENS))) as [
    number,
    number,
  ];
  const lines = Math.min(Math.max(LINES, Math.floor(spare + LINES - dest - src)), MOST_LINES);
  const widths = { dest, destHeads: blocks, lines, srcHeads: blocks, src };
  let x = 0;
  const columns: Column[] = [];
  for (const part of ["dest", "destHeads", "lines", "srcHeads", "src"] as const) {
    columns.push({ part, x, width: widths[part] });
    x += widths[part] + GAP;
  }
  return { columns, width: x - GAP };
}

/**
 * Where in a token's row the lines of a head end, in CSS pixels from its top: in the middle of a pixel, so that level lines are sharp. Lines
 * of several heads between the same tokens would cover each other.
 */
export function lineEnd(at: number, heads: number): number {
  const fan = heads < 2 ? 0 : (at / (heads - 1) - 0.5) * Math.min(14, 1.5 * (heads - 1));
  return Math.floor(ROW / 2 + fan) + 0.5;
}
