/** The lines of several heads on a canvas, each head in its hue, with a block for each head beside the tokens that a token is joined to. */
import { css } from "../../color/color";
import type { ColorScale } from "../../color/scale";
import { valueAt } from "../../data/weights";
import { lineEnd } from "./headsLayout";
import type { DrawnHead, HeadLine } from "./headLines";
import { type Column, columnOf, type Layout, ROW } from "./layout";
import type { Ends } from "./lineFilter";
import { LEVELS, levelOf } from "./paintLines";
import { paintToken } from "./paintToken";
import type { Ink } from "./scene";

/** Everything that the picture depends on. */
export interface HeadsScene {
  layout: Layout;
  /** CSS pixels of the canvas, and how far the rows are scrolled down. */
  width: number;
  height: number;
  top: number;
  ink: Ink;
  destTokens: string[];
  destPositions: number[] | null;
  srcTokens: string[];
  heads: DrawnHead[];
  scale: ColorScale;
  ends: Ends;
  /** Faintest first. */
  lines: HeadLine[];
  /** The query that is shown, or the source; null for none. */
  dest: number | null;
  src: number | null;
  pinned: boolean;
  /** The head that stands out. */
  emphasised: number | null;
}

type Pen = CanvasRenderingContext2D;

/** Opacity of tokens that are filtered out, and of heads beside the one that stands out. */
const FAINT = 0.28;
const BEHIND = 0.1;
/** CSS pixels of a dash and of a gap of a line whose value is negative. */
const DASHES = [4, 3];

export function paintHeads(pen: Pen, scene: HeadsScene): void {
  const { layout, ink, dest, src, width, height, top, ends } = scene;
  const dests = columnOf(layout, "dest") as Column;
  const sources = columnOf(layout, "src") as Column;
  pen.clearRect(0, 0, width, height);
  pen.fillStyle = ink.hover;
  if (dest !== null) pen.fillRect(0, tokenY(scene, dest), dests.width + 5, ROW);
  if (src !== null) pen.fillRect(sources.x - 5, src * ROW - top, width, ROW);
  paintLines(pen, scene);
  const first = Math.max(0, Math.floor(top / ROW));
  const last = Math.ceil((top + height) / ROW);
  for (let row = first; row < last; row++) {
    const y = row * ROW - top;
    const text = scene.srcTokens[row];
    if (text !== undefined) {
      if (dest !== null && ends.dest(dest) && ends.src(row))
        paintBlocks(pen, scene, "srcHeads", dest, row, y);
      pen.globalAlpha = ends.src(row) ? 1 : FAINT;
      paintToken(pen, ink, sources, { number: row, text }, y, row === src);
    }
    if (row < scene.destTokens.length) {
      if (dest === null && src !== null && ends.dest(row) && ends.src(src))
        paintBlocks(pen, scene, "destHeads", row, src, y);
      if (row !== dest) paintQuery(pen, scene, dests, row, y);
    }
  }
  if (dest !== null) paintQuery(pen, scene, dests, dest, tokenY(scene, dest));
  pen.globalAlpha = 1;
}

/** Top of the query that is shown: its row, or the nearer edge if it is scrolled out of sight. */
function tokenY({ top, height }: HeadsScene, dest: number): number {
  return Math.min(Math.max(dest * ROW - top, 0), Math.max(height - ROW, 0));
}

function paintLines(pen: Pen, scene: HeadsScene): void {
  const { layout, heads, dest, src, top, emphasised } = scene;
  const column = (part: "dest" | "destHeads" | "srcHeads" | "src") => columnOf(layout, part) as Column;
  // Up to the tokens, or up to the blocks where there are some.
  const [left, right] = [column("destHeads"), column("srcHeads")].map(({ x, width }) => [x, x + width]) as [
    [number, number],
    [number, number],
  ];
  const from = dest === null && src !== null ? left[1] + 4 : left[0];
  const to = dest !== null ? right[0] - 4 : right[1];
  pen.lineWidth = dest !== null || src !== null ? 2 : 1; // lines of one pixel are the fastest
  let before: HeadLine | null = null;
  for (const line of scene.lines) {
    const head = heads[line.at] as DrawnHead;
    if (before?.at !== line.at || before.level !== line.level || before.negative !== line.negative) {
      pen.strokeStyle = css(head.hue);
      pen.globalAlpha =
        ((line.level + 1) / LEVELS) * (emphasised === null || emphasised === head.head ? 1 : BEHIND);
      pen.setLineDash(line.negative ? DASHES : []);
    }
    before = line;
    const end = lineEnd(line.at, heads.length);
    pen.beginPath(); // a path of many lines takes several times as long as a path for each
    pen.moveTo(from, (line.dest === dest ? tokenY(scene, dest) : line.dest * ROW - top) + end);
    pen.lineTo(to, line.src * ROW - top + end);
    pen.stroke();
  }
  pen.setLineDash([]);
  pen.globalAlpha = 1;
}

/** A block for each head: as opaque as its line; an outline where its value is negative. */
function paintBlocks(
  pen: Pen,
  { layout, heads, scale, emphasised }: HeadsScene,
  part: "destHeads" | "srcHeads",
  dest: number,
  src: number,
  y: number,
): void {
  const { x, width } = columnOf(layout, part) as Column;
  const side = width / heads.length;
  const inner = Math.max(side - 1, Math.min(side, 1.5));
  heads.forEach(({ head, lines, weights, hue }, at) => {
    const value = valueAt(lines, weights, dest, src);
    const level = levelOf(scale, value);
    if (!(level >= 0)) return;
    pen.globalAlpha = ((level + 1) / LEVELS) * (emphasised === null || emphasised === head ? 1 : BEHIND);
    pen.fillStyle = pen.strokeStyle = css(hue);
    if (value < 0) pen.strokeRect(x + at * side + 0.5, y + 4.5, inner - 1, ROW - 9);
    else pen.fillRect(x + at * side, y + 4, inner, ROW - 8);
  });
  pen.globalAlpha = 1;
}

function paintQuery(pen: Pen, scene: HeadsScene, column: Column, row: number, y: number): void {
  const { dest, ink, ends, pinned } = scene;
  const shown = row === dest;
  pen.globalAlpha = !ends.dest(row) ? FAINT : dest !== null && !shown ? 0.6 : 1;
  if (shown && y !== row * ROW - scene.top) {
    pen.clearRect(0, y, column.width + 1, ROW);
    pen.fillStyle = ink.hover;
    pen.fillRect(0, y, column.width + 1, ROW);
  }
  const number = scene.destPositions?.[row] ?? row;
  paintToken(pen, ink, column, { number, text: scene.destTokens[row] ?? "" }, y, shown);
  if (!shown || !pinned) return;
  pen.globalAlpha = 1;
  pen.strokeStyle = ink.ring;
  pen.lineWidth = 1.5;
  pen.strokeRect(0.75, y + 1.75, column.width + 5, ROW - 3.5);
}
