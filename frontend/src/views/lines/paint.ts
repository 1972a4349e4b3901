/** The lines view on a canvas: bands, lines, vectors, numbers, tokens. Only what is in sight is drawn. */
import { css } from "../../color/color";
import { signColor } from "../../color/palette";
import type { Column, Part } from "./layout";
import { columnOf, isVector, ROW } from "./layout";
import { paintLines } from "./paintLines";
import { FONT_FAMILY } from "../../text/font";
import { FONT_SIZE, paintToken } from "./paintToken";
import { drawStrips, vectorRaster } from "./paintVectors";
import { columnText } from "../../text/number";
import type { Scene } from "./scene";

type Pen = CanvasRenderingContext2D;

const FONT = `${FONT_SIZE}px ${FONT_FAMILY}`;
/** Opacity of queries that are not shown, and of sources that are masked for the query that is shown. */
const FAINT = 0.28;
/** CSS pixels of a column below which a bar beside its number would be too short to compare: there it lies under the number. */
const NARROW = 96;

export function paint(pen: Pen, scene: Scene): void {
  pen.clearRect(0, 0, scene.width, scene.height);
  pen.textBaseline = "middle";
  pen.font = FONT;
  const rows = {
    first: Math.max(0, Math.floor(scene.top / ROW)),
    last: Math.ceil((scene.top + scene.height) / ROW),
  };
  paintBands(pen, scene);
  paintLines(pen, scene);
  paintVectors(pen, scene, rows.first, rows.last);
  for (let at = rows.first; at < Math.min(rows.last, scene.order.length); at++) {
    paintSource(pen, scene, at);
  }
  const { length } = scene.destTokens;
  for (let dest = rows.first; dest < Math.min(rows.last, length); dest++)
    paintQueryToken(pen, scene, dest, rowY(scene, dest));
  paintPinned(pen, scene);
  paintDimension(pen, scene);
}

/** Top of a row on the canvas. */
export function rowY(scene: Scene, row: number): number {
  return row * ROW - scene.top;
}

/** Top of the query that is shown on the canvas: its row, or the nearer edge if it is scrolled out of sight. */
export function queryY(scene: Scene, dest: number): number {
  return Math.min(Math.max(rowY(scene, dest), 0), Math.max(scene.height - ROW, 0));
}

function paintBands(pen: Pen, scene: Scene): void {
  const { layout, ink, numbers, src } = scene;
  pen.fillStyle = ink.hover;
  const lines = columnOf(layout, "lines") as Column;
  if (numbers) pen.fillRect(0, queryY(scene, numbers.dest), lines.x, ROW);
  if (src !== null) {
    const right = lines.x + lines.width;
    pen.fillRect(right, rowY(scene, scene.order.indexOf(src)), scene.width - right, ROW);
  }
}

function paintVectors(pen: Pen, scene: Scene, first: number, last: number): void {
  const { computation, scales, layout, numbers, order } = scene;
  const { queries, keys } = computation;
  if (!queries || !keys || !scales.vector || !scales.product) return;
  const q = columnOf(layout, "q");
  if (q) {
    const dests = range(first, Math.min(last, queries.count));
    const raster = vectorRaster(dests, queries.length, (dest, dim) => queries.at(dest, dim), scales.vector);
    drawStrips(pen, raster, q, rowY(scene, first), (i) => (numbers && dests[i] !== numbers.dest ? FAINT : 1));
  }
  const sources = order.slice(first, last);
  const masked = (src: number) => numbers !== null && Number.isNaN(numbers.probability[src]);
  const k = columnOf(layout, "k");
  if (k) {
    const raster = vectorRaster(sources, keys.length, (src, dim) => keys.at(src, dim), scales.vector);
    drawStrips(pen, raster, k, rowY(scene, first), (i) => (masked(sources[i] as number) ? 0 : 1));
  }
  const product = columnOf(layout, "product");
  if (product && numbers) {
    const query = queries.row(numbers.dest);
    const value = (src: number, dim: number) => (query[dim] as number) * keys.at(src, dim);
    const raster = vectorRaster(sources, keys.length, value, scales.product);
    drawStrips(pen, raster, product, rowY(scene, first), (i) => (masked(sources[i] as number) ? 0 : 1));
  }
}

/** Numbers, bars and token of the source in a row. */
function paintSource(pen: Pen, scene: Scene, at: number): void {
  const { layout, numbers, ink, bounds } = scene;
  const src = scene.order[at] as number;
  const y = rowY(scene, at);
  const masked = numbers !== null && Number.isNaN(numbers.probability[src]);
  if (numbers && !masked) {
    const columns: [Part, number, number][] = [
      ["dot", numbers.dot[src] as number, bounds.dot],
      ["addedTerm", numbers.addedTerm[src] as number, bounds.addedTerm],
      ["score", numbers.score[src] as number, bounds.dot + bounds.addedTerm],
    ];
    for (const [part, value, bound] of columns) {
      const column = columnOf(layout, part);
      if (column) paintNumber(pen, ink.text, column.x + column.width, y, columnText(value, bound));
    }
    paintBar(pen, scene, "probability", y, numbers.probability[src] as number, bounds.probability);
    paintBar(pen, scene, "weighted", y, numbers.weighted[src] as number, bounds.weighted);
  }
  const column = columnOf(layout, "src") as Column;
  pen.globalAlpha = masked || !scene.ends.src(src) ? FAINT : 1;
  paintToken(pen, ink, column, { number: src, text: scene.srcTokens[src] ?? "" }, y, src === scene.src);
  pen.globalAlpha = 1;
}

function paintNumber(pen: Pen, color: string, right: number, y: number, text: string): void {
  pen.font = FONT;
  pen.textAlign = "right";
  pen.fillStyle = color;
  pen.fillText(text, right, y + ROW / 2);
  pen.textAlign = "left";
}

function paintBar(pen: Pen, scene: Scene, part: Part, y: number, value: number, bound: number): void {
  const column = columnOf(scene.layout, part);
  if (!column || Number.isNaN(value)) return; // hidden
  const share = scene.scales.attention.share(value);
  pen.fillStyle = value < 0 ? css(signColor(scene.scales.attention.palette, value)) : scene.ink.accent;
  if (column.width < NARROW) {
    pen.fillRect(column.x, y + ROW - 4, share * column.width, 2);
    paintNumber(pen, scene.ink.text, column.x + column.width, y - 1, columnText(value, bound));
    return;
  }
  const from = 46;
  pen.fillRect(column.x + from, y + 6, share * (column.width - from), ROW - 12);
  paintNumber(pen, scene.ink.text, column.x + from - 6, y, columnText(value, bound));
}

function paintQueryToken(pen: Pen, scene: Scene, dest: number, y: number): void {
  const column = columnOf(scene.layout, "dest") as Column;
  const { numbers, ink } = scene;
  const shown = numbers?.dest === dest;
  pen.globalAlpha = !scene.ends.dest(dest) ? FAINT : numbers && !shown ? 0.6 : 1;
  const number = scene.destPositions?.[dest] ?? dest;
  paintToken(pen, ink, column, { number, text: scene.destTokens[dest] ?? "" }, y, shown);
  pen.globalAlpha = 1;
  if (shown && scene.pinned) {
    pen.strokeStyle = ink.ring;
    pen.lineWidth = 1.5;
    pen.strokeRect(column.x + 0.75, y + 1.75, column.width + 6.5, ROW - 3.5);
  }
}

/** The query that is shown, at the edge of the picture, if its row is scrolled out of sight. */
function paintPinned(pen: Pen, scene: Scene): void {
  const { numbers, layout, ink, computation, scales } = scene;
  if (!numbers) return;
  const y = queryY(scene, numbers.dest);
  if (y === rowY(scene, numbers.dest)) return;
  const lines = columnOf(layout, "lines") as Column;
  pen.clearRect(0, y, lines.x - 1, ROW);
  pen.fillStyle = ink.hover;
  pen.fillRect(0, y, lines.x - 1, ROW);
  paintQueryToken(pen, scene, numbers.dest, y);
  const q = columnOf(layout, "q");
  if (q && computation.queries && scales.vector) {
    const { queries } = computation;
    const raster = vectorRaster(
      [numbers.dest],
      queries.length,
      (dest, dim) => queries.at(dest, dim),
      scales.vector,
    );
    drawStrips(pen, raster, q, y, () => 1);
  }
}

/** The dimension that is pointed at, through q, k and their product. */
function paintDimension(pen: Pen, scene: Scene): void {
  const { dim, layout, computation, ink } = scene;
  if (dim === null || !computation.queries) return;
  pen.strokeStyle = ink.ring;
  pen.lineWidth = 1;
  pen.globalAlpha = 0.5;
  for (const column of layout.columns) {
    if (!isVector(column.part)) continue;
    const cell = column.width / computation.queries.length;
    const width = Math.max(cell, 2);
    const x = column.x + (dim + 0.5) * cell - width / 2;
    pen.strokeRect(x - 0.5, -2, width + 1, scene.height + 4);
  }
  pen.globalAlpha = 1;
}

function range(first: number, last: number): number[] {
  return Array.from({ length: Math.max(last - first, 0) }, (_, i) => first + i);
}
