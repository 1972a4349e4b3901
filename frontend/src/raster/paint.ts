/** Values to pixels, one per cell. Pure: no canvas, no component. */
import type { Matrix } from "../data/matrix";
import type { Weights } from "../data/source";
import type { Palette } from "../color/color";
import { pack, STEPS } from "../color/color";

/** A picture: `pixels` are packed RGBA, row by row. */
export interface Raster {
  width: number;
  height: number;
  pixels: Uint32Array;
}

/** The values of the ends of the colour scale: low <= 0 < high. */
export type Range = readonly [number, number];

/** Steps of the look-up table per unit of value: one scale for both signs, so equal magnitudes are equally strong. */
export function stepsPerUnit(range: Range): number {
  return STEPS / Math.max(range[1], -range[0]);
}

/**
 * Paints a head.
 * @param table from `lookUp`
 * @param weights factor per column, NaN where it is unknown, null for none; for a preview, pass weights already pooled to its columns
 * @param last last column of a row in which a value may be missing; what has none beyond it is masked
 */
export function paint(
  matrix: Matrix,
  weights: Weights | null,
  table: Uint32Array,
  range: Range,
  palette: Palette,
  last: (row: number) => number,
): Raster {
  const { rows, cols, codes, zero, missing } = matrix;
  const masked = pack(palette.masked);
  const pixels = new Uint32Array(rows * cols).fill(masked);
  const factor = matrix.scale * stepsPerUnit(range);
  const gap = pack(palette.missing);
  for (let dest = 0; dest < rows; dest++) {
    const length = matrix.rowLength(dest);
    const from = matrix.rowStart(dest);
    const to = dest * cols;
    const end = last(dest);
    for (let src = 0; src < length; src++) {
      const code = codes[from + src] as number;
      const step = (code - zero) * (weights ? factor * (weights[src] as number) : factor);
      if (code === missing) pixels[to + src] = src > end ? masked : gap;
      else pixels[to + src] = Number.isNaN(step) ? gap : (table[toIndex(step)] as number);
    }
  }
  return { width: cols, height: rows, pixels };
}

/** Index into a table for a value in steps: rounded and clamped to both ends. */
export function toIndex(steps: number): number {
  const index = Math.round(steps) + STEPS;
  return index < 0 ? 0 : index > 2 * STEPS ? 2 * STEPS : index;
}

/** Weights of a preview's columns: the largest of each block, so that a strong source stays visible; NaN where none is known. */
export function poolWeights(weights: Weights, block: number): Weights {
  if (block === 1) return weights;
  const pooled = new Float32Array(Math.ceil(weights.length / block)).fill(NaN);
  weights.forEach((weight, i) => {
    const j = Math.floor(i / block);
    if (!((pooled[j] as number) >= weight) && !Number.isNaN(weight)) pooled[j] = weight;
  });
  return pooled;
}
