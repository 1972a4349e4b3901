/** A raster on a canvas context, scaled to a rectangle. */
import type { Raster } from "./paint";

/** Holds a raster in its own pixels: only images and canvases can be drawn scaled. */
let scratch: HTMLCanvasElement | undefined;

export function drawRaster(
  pen: CanvasRenderingContext2D,
  raster: Raster,
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  if (raster.width === 0 || raster.height === 0) return;
  scratch ??= document.createElement("canvas");
  scratch.width = raster.width;
  scratch.height = raster.height;
  const context = scratch.getContext("2d");
  if (!context) return;
  context.putImageData(imageData(raster), 0, 0);
  // Without smoothing, whole rows would be dropped where there are more cells than pixels.
  pen.imageSmoothingEnabled = raster.width > width;
  pen.drawImage(scratch, 0, 0, raster.width, raster.height, left, top, width, height);
}

/** The raster's own memory as an image: nothing is copied. */
export function imageData({ pixels, width, height }: Raster): ImageData {
  return new ImageData(new Uint8ClampedArray(pixels.buffer as ArrayBuffer), width, height);
}
