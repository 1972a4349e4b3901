/** Vectors as strips of cells, one strip per row. */
import { rasterImage } from "../../raster/drawRaster";
import type { Raster } from "../../raster/paint";
import type { ColorScale } from "../../color/scale";
import type { Column } from "./layout";
import { ROW } from "./layout";

const MARGIN = 4;

/** One pixel per number. */
export function vectorRaster(
  positions: number[],
  length: number,
  valueAt: (position: number, dim: number) => number,
  scale: ColorScale,
): Raster {
  const pixels = new Uint32Array(positions.length * length);
  positions.forEach((position, i) => {
    for (let dim = 0; dim < length; dim++) {
      pixels[i * length + dim] = scale.pixel(valueAt(position, dim));
    }
  });
  return { width: length, height: positions.length, pixels };
}

/** Draws strip after strip from `top` down; `opacity` per strip. */
export function drawStrips(
  pen: CanvasRenderingContext2D,
  raster: Raster,
  column: Column,
  top: number,
  opacity: (strip: number) => number,
): void {
  const image = rasterImage(raster);
  if (!image) return;
  // Without smoothing, whole dimensions would be dropped where there are more of them than pixels.
  pen.imageSmoothingEnabled = column.width < raster.width;
  for (let strip = 0; strip < raster.height; strip++) {
    pen.globalAlpha = opacity(strip);
    if (pen.globalAlpha === 0) continue;
    const y = top + strip * ROW + MARGIN;
    pen.drawImage(image, 0, strip, raster.width, 1, column.x, y, column.width, ROW - 2 * MARGIN);
  }
  pen.globalAlpha = 1;
}
