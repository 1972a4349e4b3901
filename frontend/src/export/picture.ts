/** A drawing as pixels. */
import type { Drawing } from "./exports";

/** Pixels of a canvas's side, and of all of it, that browsers allow. */
const [LONGEST, MOST] = [16_384, 120_000_000];

/** The canvas of a drawing with so many pixels for a CSS pixel, or with fewer where it would be larger than browsers allow. */
export function canvasOf(
  { width, height, paint }: Drawing,
  scale: number,
  surface: string,
): HTMLCanvasElement {
  const largest = Math.min(LONGEST / Math.max(width, height), Math.sqrt(MOST / (width * height)));
  const ratio = Math.min(scale, largest);
  const canvas = document.createElement("canvas");
  canvas.width = Math.ceil(width * ratio);
  canvas.height = Math.ceil(height * ratio);
  const pen = canvas.getContext("2d");
  if (!pen) throw new Error("this browser gives no canvas");
  pen.scale(ratio, ratio);
  // What is cleared has the color of the background: a transparent picture would be read by that of the page around it.
  pen.clearRect = (x, y, wide, tall) => {
    pen.save();
    pen.globalAlpha = 1;
    pen.fillStyle = surface;
    pen.fillRect(x, y, wide, tall);
    pen.restore();
  };
  pen.clearRect(0, 0, Math.ceil(width), Math.ceil(height));
  paint(pen);
  return canvas;
}

export function pngOf(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the picture is too large")))),
  );
}
