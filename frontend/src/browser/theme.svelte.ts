/** Light or dark, like the page around the figure: by the notebook's own marker, else by the color behind the figure. */
import { MediaQuery } from "svelte/reactivity";
import type { ThemeName } from "../color/palette";

/** Whether the system replaces all colors by a few of its own. */
export const forcedColors = new MediaQuery("(forced-colors: active)");

/** The theme of the page around `host`. */
export function resolveTheme(host: Element): ThemeName {
  return notebookTheme() ?? backgroundTheme(host) ?? schemeTheme();
}

/** By the marker that JupyterLab, VS Code or Colab sets; null on other pages. */
function notebookTheme(): ThemeName | null {
  const { body, documentElement } = document;
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
    const numbers = getComputedStyle(element)
      .backgroundColor.match(/[\d.]+/g)
      ?.map(Number);
    if (!numbers) continue;
    const [r = 0, g = 0, b = 0, alpha = 1] = numbers;
    if (alpha > 0.5) return 0.299 * r + 0.587 * g + 0.114 * b < 128 ? "dark" : "light";
  }
  return null;
}

function parentOf(element: Element): Element | null {
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}

/** By the color scheme of the page: without a background it is white, unless its color-scheme allows dark. */
function schemeTheme(): ThemeName {
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  if (!scheme.includes("dark")) return "light";
  return !scheme.includes("light") || matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The theme as reactive state. It follows the page until `stop` is called. */
export class Theme {
  name: ThemeName = $state("light");
  private readonly observer: MutationObserver;
  private readonly media = matchMedia("(prefers-color-scheme: dark)");

  constructor(private readonly host: Element) {
    this.name = resolveTheme(host);
    this.observer = new MutationObserver(this.update);
    for (const element of [document.documentElement, document.body]) {
      this.observer.observe(element, { attributes: true });
    }
    this.media.addEventListener("change", this.update);
  }

  stop(): void {
    this.observer.disconnect();
    this.media.removeEventListener("change", this.update);
  }

  private readonly update = (): void => {
    this.name = resolveTheme(this.host);
  };
}
