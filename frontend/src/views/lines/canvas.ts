/** A canvas of the lines view: its size in device pixels, and the colors of the frame. */
import { forcedColors } from "../../browser/theme.svelte";
import type { Ink } from "./scene";

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

/** The colors of the frame, which are CSS variables that a canvas cannot use. A change of theme changes the palette, and so repaints. */
export function inkOf(element: HTMLCanvasElement): Ink {
  void forcedColors.current; // repaints when it changes
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: read("text"),
    quiet: read("quiet"),
    accent: read("accent"),
    hover: read("hover"),
    ring: read("ring"),
  };
}
