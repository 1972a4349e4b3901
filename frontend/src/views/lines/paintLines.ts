/** The lines from queries to sources: opacity is attention. Lines of equal opacity are one stroke, because there may be thousands. */
import { css } from "../../color/color";
import type { ColorScale } from "../../color/scale";
import { valueAt } from "../../data/weights";
import { signColor } from "../../color/palette";
import type { Column } from "./layout";
import { columnOf, ROW } from "./layout";
import type { Scene } from "./scene";

/** Steps of opacity; lines fainter than half a step are not drawn. */
export const LEVELS = 24;

/** The step of opacity of a value's line, from 0; below 0 or NaN for no line. */
export function levelOf(scale: ColorScale, value: number): number {
  return Math.round(scale.strength(value) * LEVELS) - 1;
}

interface Line {
  from: number;
  to: number;
}

export function paintLines(pen: CanvasRenderingContext2D, scene: Scene): void {
  const { lines, negative } = visibleLines(scene);
  const column = columnOf(scene.layout, "lines") as Column;
  const left = column.x - 6;
  const right = column.x + column.width + 6;
  const single = scene.numbers !== null || scene.src !== null;
  pen.lineWidth = single ? 2 : 1.5;
  for (const [group, color] of [
    [lines, scene.ink.accent],
    [negative, css(signColor(scene.scales.attention.palette, -1))],
  ] as const) {
    pen.strokeStyle = color;
    group.forEach((level, step) => {
      if (level.length === 0) return;
      pen.globalAlpha = (step + 1) / LEVELS;
      pen.beginPath();
      for (const { from, to } of level) {
        pen.moveTo(left, from);
        pen.lineTo(right, to);
      }
      pen.stroke();
    });
  }
  pen.globalAlpha = 1;
}

/** The heights of both ends of all lines in sight, by step of opacity; those of negative values are separate. */
export function visibleLines(scene: Scene): { lines: Line[][]; negative: Line[][] } {
  const { computation, weights, numbers, src: only, order, top, height, ends } = scene;
  const attention = computation.shown ?? computation.attention;
  const lines = Array.from({ length: LEVELS }, (): Line[] => []);
  const negative = Array.from({ length: LEVELS }, (): Line[] => []);
  const places = new Float64Array(order.length);
  order.forEach((src, at) => (places[src] = (at + 0.5) * ROW - top));
  const add = (value: number, from: number, src: number) => {
    const step = levelOf(scene.scales.attention, value);
    const to = places[src] as number;
    if (!ends.src(src)) return;
    if (!(step >= 0) || (from < 0 && to < 0) || (from > height && to > height)) return; // also where there is no value
    (value < 0 ? negative : lines)[step]?.push({ from, to });
  };
  if (numbers) {
    const from = Math.min(
      Math.max((numbers.dest + 0.5) * ROW - top, ROW / 2),
      Math.max(height - ROW / 2, ROW / 2),
    );
    if (ends.dest(numbers.dest)) numbers.weighted.forEach((value, src) => add(value, from, src));
    return { lines, negative };
  }
  for (let dest = 0; dest < attention.rows; dest++) {
    if (!ends.dest(dest)) continue;
    const from = (dest + 0.5) * ROW - top;
    if (only !== null) add(valueAt(attention, weights, dest, only), from, only);
    else
      for (let src = 0; src < attention.rowLength(dest); src++)
        add(valueAt(attention, weights, dest, src), from, src);
  }
  return { lines, negative };
}
