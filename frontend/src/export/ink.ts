/** The colors of a figure's theme, which are CSS variables that a canvas cannot use. */
import { forcedColors } from "../browser/theme.svelte";
import type { Ink } from "./exports";

/** The colors at an element of the figure. A change of theme changes the palette, and so repaints. */
export function inkOf(element: Element): Ink {
  void forcedColors.current; // repaints when it changes
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    text: read("text"),
    quiet: read("quiet"),
    line: read("line"),
    surface: read("surface"),
    accent: read("accent"),
    hover: read("hover"),
    ring: read("ring"),
  };
}
