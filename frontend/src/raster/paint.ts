/** Values to pixels, one per cell. Pure: no canvas, no component. */
import { pack } from "../color/color";
import type { ColorScale } from "../color/scale";
import { tableIndex } from "../color/scale";
import type { Matrix } from "../data/matrix";
import type { Weights } from "../data/weights";

/** A picture: `pixels` are packed RGBA, row by row. */
export interface Raster {
  width: number;
  height: number;
  pixels: Uint32Array;
}

/**
 * Paints a head.
 * @param weights factor per column, NaN where it is unknown, null for none; for a preview, weights pooled to its columns
 * @param lastColumn last column of a row that can have a value: without one it is missing there, and masked beyond
 */
export function paint(
  matrix: Matrix,
  weights: Weights | null,
  scale: ColorScale,
  lastColumn: (row: number) => number,
): Raster {
  const { rows, cols, codes, zero, missing } = matrix;
  const { table, zeroIndex, palette } = scale;
  const maskedPixel = pack(palette.masked);
  const missingPixel = pack(palette.missing);
  const pixels = new Uint32Array(rows * cols).fill(maskedPixel);
  const entriesPerCode = matrix.scale * scale.perUnit;
  for (let row = 0; row < rows; row++) {
    const length = matrix.rowLength(row);
    const from = matrix.rowStart(row);
    const to = row * cols;
    const last = lastColumn(row);
    for (let col = 0; col < length; col++) {
      const code = codes[from + col] as number;
      const factor = weights ? entriesPerCode * (weights[col] as number) : entriesPerCode;
      const entries = (code - zero) * factor;
      if (code === missing) pixels[to + col] = col > last ? maskedPixel : missingPixel;
      else if (Number.isNaN(entries)) pixels[to + col] = missingPixel;
      else pixels[to + col] = table[tableIndex(entries, zeroIndex)] as number;
    }
  }
  return { width: cols, height: rows, pixels };
}

/** Gives columns of a picture, those that are marked, the color of hidden cells. Cells that are masked stay so. */
export function hideColumns(
  raster: Raster,
  columns: Uint8Array,
  { hidden, masked }: ColorScale["palette"],
): Raster {
  const [hiddenPixel, maskedPixel] = [pack(hidden), pack(masked)];
  const { pixels, width } = raster;
  columns.forEach((mark, col) => {
    if (!mark) return;
    for (let i = col; i < pixels.length; i += width) if (pixels[i] !== maskedPixel) pixels[i] = hiddenPixel;
  });
  return raster;
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
