/** Light or dark, like the page around the figure: by the notebook's own marker, else by the color behind the figure. */
import { MediaQuery } from "svelte/reactivity";
import type { ThemeName } from "../color/palette";
import { isDark } from "./cssColor";
import { frameOf, observeAround, parentOf, prefersDark } from "./frames";

/** Whether the system replaces all colors by a few of its own. */
export const forcedColors = new MediaQuery("(forced-colors: active)");

/** The theme of the page around `place`; of a page in a frame through which one sees, that of the page around the frame. */
export function resolveTheme(place: Element): ThemeName {
  const page = place.ownerDocument;
  const theme = notebookTheme(page) ?? backgroundTheme(place);
  if (theme) return theme;
  const scheme = schemeTheme(page.documentElement);
  const frame = frameOf(place);
  // A browser paints a page opaque if its color scheme is not that of its frame.
  return frame && schemeTheme(frame) === scheme ? resolveTheme(frame) : scheme;
}

/** By the marker that JupyterLab, VS Code or Colab sets; null on other pages. */
function notebookTheme({ body, documentElement }: Document): ThemeName | null {
  const jupyterLab = body.dataset.jpThemeLight;
  if (jupyterLab !== undefined) return jupyterLab === "false" ? "dark" : "light";
  const vsCode = body.dataset.vscodeThemeKind ?? body.className;
  if (/vscode-(dark|high-contrast(?!-light))/.test(vsCode)) return "dark";
  if (/vscode-(light|high-contrast-light)/.test(vsCode)) return "light";
  const colab = documentElement.getAttribute("theme");
  return colab === "dark" || colab === "light" ? colab : null;
}

/** By the background of the nearest ancestor that has an opaque one; null where none has. */
function backgroundTheme(host: Element): ThemeName | null {
  for (let element: Element | null = host; element; element = parentOf(element)) {
    const dark = isDark(getComputedStyle(element).backgroundColor);
    if (dark !== null) return dark ? "dark" : "light";
  }
  return null;
}

/** By the color scheme of a page's root, or of a frame: without a background it is white, unless its color-scheme allows dark. */
function schemeTheme(element: Element): ThemeName {
  const scheme = getComputedStyle(element).colorScheme;
  if (!scheme.includes("dark")) return "light";
  return !scheme.includes("light") || prefersDark(element) ? "dark" : "light";
}

/** The theme as reactive state. It follows the page until `stop` is called. */
export class Theme {
  name: ThemeName = $state("light");
  /** Ends the following. */
  readonly stop: () => void;

  constructor(host: Element) {
    this.name = resolveTheme(host);
    this.stop = observeAround(host, () => (this.name = resolveTheme(host)));
  }
}
