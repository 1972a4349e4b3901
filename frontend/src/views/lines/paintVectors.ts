/** Vectors as strips of cells, one strip per row. */
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

let scratch: HTMLCanvasElement | undefined;

/** Draws strip after strip from `top` down; `opacity` per strip. */
export function drawStrips(
  pen: CanvasRenderingContext2D,
  raster: Raster,
  column: Column,
  top: number,
  opacity: (strip: number) => number,
): void {
  if (raster.width === 0 || raster.height === 0) return;
  scratch ??= document.createElement("canvas");
  scratch.width = raster.width;
  scratch.height = raster.height;
  const bytes = new Uint8ClampedArray(raster.pixels.buffer as ArrayBuffer);
  scratch.getContext("2d")?.putImageData(new ImageData(bytes, raster.width, raster.height), 0, 0);
  pen.imageSmoothingEnabled = column.width < raster.width; // nearest would drop whole dimensions
  for (let strip = 0; strip < raster.height; strip++) {
    pen.globalAlpha = opacity(strip);
    if (pen.globalAlpha === 0) continue;
    const y = top + strip * ROW + MARGIN;
    pen.drawImage(scratch, 0, strip, raster.width, 1, column.x, y, column.width, ROW - 2 * MARGIN);
  }
  pen.globalAlpha = 1;
}
