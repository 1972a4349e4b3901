/** Light or dark, as the page around the figure is: what the host says, else what lies behind the figure. */
import type { ThemeName } from "../color/palette";

/** Dark or light behind `host`. */
export function resolveTheme(host: Element): ThemeName {
  return hostTheme() ?? backgroundTheme(host) ?? rootTheme();
}

function hostTheme(): ThemeName | null {
  const { body, documentElement } = document;
  const lab = body.dataset.jpThemeLight;
  if (lab !== undefined) return lab === "false" ? "dark" : "light";
  const code = body.dataset.vscodeThemeKind ?? body.className;
  if (/vscode-(dark|high-contrast(?!-light))/.test(code)) return "dark";
  if (/vscode-(light|high-contrast-light)/.test(code)) return "light";
  const colab = documentElement.getAttribute("theme");
  return colab === "dark" || colab === "light" ? colab : null;
}

/** By the nearest ancestor that is painted at all. */
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

/** A page that paints nothing is white, unless it opted in to dark by color-scheme. */
function rootTheme(): ThemeName {
  const scheme = getComputedStyle(document.documentElement).colorScheme;
  if (!scheme.includes("dark")) return "light";
  return !scheme.includes("light") || matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}

/** The theme as state; follows the host until `stop` is called. */
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
