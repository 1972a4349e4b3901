/** Values to pixels, one per cell. Pure: no canvas, no component. */
import type { Matrix } from "../data/matrix";
import type { Weights } from "../data/source";
import type { Palette } from "./color";
import { pack, STEPS } from "./color";

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
 * @param weights factor per column, null for none; for a preview, pass weights already pooled to its columns
 */
export function paint(
  matrix: Matrix,
  weights: Weights | null,
  table: Uint32Array,
  range: Range,
  palette: Palette,
): Raster {
  const { rows, cols, codes, zero, missing } = matrix;
  const pixels = new Uint32Array(rows * cols).fill(pack(palette.masked));
  const factor = matrix.scale * stepsPerUnit(range);
  const gap = pack(palette.missing);
  for (let dest = 0; dest < rows; dest++) {
    const length = matrix.rowLength(dest);
    const from = matrix.rowStart(dest);
    const to = dest * cols;
    for (let src = 0; src < length; src++) {
      const code = codes[from + src] as number;
      const step = (code - zero) * (weights ? factor * (weights[src] as number) : factor);
      pixels[to + src] = code === missing ? gap : (table[toIndex(step)] as number);
    }
  }
  return { width: cols, height: rows, pixels };
}

/** Index into a table for a value in steps: rounded and clamped to both ends. */
export function toIndex(steps: number): number {
  const index = Math.round(steps) + STEPS;
  return index < 0 ? 0 : index > 2 * STEPS ? 2 * STEPS : index;
}

/** Weights of a preview's columns: the largest of each block, so that a strong source stays visible. */
export function poolWeights(weights: Weights, block: number): Weights {
  if (block === 1) return weights;
  const pooled = new Float32Array(Math.ceil(weights.length / block));
  weights.forEach((weight, i) => {
    const j = Math.floor(i / block);
    pooled[j] = Math.max(pooled[j] as number, weight);
  });
  return pooled;
}
