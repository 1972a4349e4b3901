/** A raster on a canvas context, scaled. */
import type { Raster } from "./paint";

let scratch: HTMLCanvasElement | undefined;

/** Draws all of a raster into a rectangle. */
export function drawRaster(
  pen: CanvasRenderingContext2D,
  raster: Raster,
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  const image = rasterImage(raster);
  if (!image) return;
  // Without smoothing, whole columns would be dropped where there are more of them than pixels.
  pen.imageSmoothingEnabled = raster.width > width;
  pen.drawImage(image, 0, 0, raster.width, raster.height, left, top, width, height);
}

/** A raster as an image that `drawImage` can scale, valid until the next call. Null for a raster without pixels. */
export function rasterImage(raster: Raster): HTMLCanvasElement | null {
  if (raster.width === 0 || raster.height === 0) return null;
  scratch ??= document.createElement("canvas");
  scratch.width = raster.width;
  scratch.height = raster.height;
  scratch.getContext("2d")?.putImageData(imageData(raster), 0, 0);
  return scratch;
}

/** The raster's own memory as an image: nothing is copied. */
export function imageData({ pixels, width, height }: Raster): ImageData {
  return new ImageData(new Uint8ClampedArray(pixels.buffer as ArrayBuffer), width, height);
}
