/** A canvas that is painted anew: its size in device pixels. */

/** A pen in CSS pixels for a canvas of that size; null where there is no canvas. */
export function penOf(
  element: HTMLCanvasElement,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const pen = element.getContext("2d");
  if (!pen) return null;
  const ratio = devicePixelRatio || 1;
  const [wide, tall] = [Math.round(width * ratio), Math.round(height * ratio)];
  // Setting the size clears the canvas, so only when it changes.
  if (element.width !== wide) element.width = wide;
  if (element.height !== tall) element.height = tall;
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}
