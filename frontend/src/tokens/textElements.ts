/** The elements of a text's tokens, made and painted directly: there may be thousands, which are repainted while the pointer moves. */
import { css, textOn, unpack } from "../color/color";
import type { ValueColors } from "../color/scale";
import { isSpecial, plain } from "../text/tokenText";
import type { Box } from "./textFlow";
import { endsLine, flowPieces, mayBreakBefore } from "./textFlow";

/** The element of a token, a button to assistive technology. */
function tokenElement(token: string, index: number): HTMLElement {
  const element = document.createElement("span");
  element.className = isSpecial(token) ? "token data-color special" : "token data-color";
  element.dataset.index = String(index);
  element.setAttribute("role", "button");
  element.setAttribute("aria-pressed", "false");
  element.setAttribute("aria-label", `${index} ${plain(token)}`);
  element.dir = "auto";
  element.tabIndex = -1;
  const list = flowPieces(token);
  for (const [i, { text, mark, breaks }] of list.entries()) {
    if (mark) {
      const span = document.createElement("span");
      span.className = "mark";
      span.textContent = text;
      element.append(span);
    } else element.append(text);
    if (breaks && i < list.length - 1) element.append(document.createElement("br"));
  }
  return element;
}

/** The elements of a text, made in parts. */
export class TextElements {
  readonly all: HTMLElement[] = [];
  private readonly breaks: boolean[];

  constructor(
    private readonly holder: HTMLElement,
    private readonly tokens: readonly string[],
  ) {
    this.breaks = mayBreakBefore(tokens);
    holder.replaceChildren();
  }

  /** Makes the next `count` elements. Returns whether there are more to make. */
  make(count: number): boolean {
    const fragment = document.createDocumentFragment();
    const end = Math.min(this.all.length + count, this.tokens.length);
    for (let i = this.all.length; i < end; i++) {
      const element = tokenElement(this.tokens[i] as string, i);
      if (this.breaks[i]) fragment.append(document.createElement("wbr"));
      fragment.append(element);
      // after the token, not in it: else its color would begin the next line
      if (endsLine(this.tokens[i] as string)) fragment.append(document.createElement("br"));
      this.all.push(element);
    }
    this.holder.append(fragment);
    return end < this.tokens.length;
  }

  /** Gives every token the color of its value. */
  paint(values: ArrayLike<number>, scale: ValueColors): void {
    const zero = scale.pixel(0);
    const styles = new Map<number, string>();
    for (const [i, element] of this.all.entries()) {
      const pixel = scale.pixel(values[i] ?? NaN);
      let style = styles.get(pixel);
      if (style === undefined) styles.set(pixel, (style = styleOf(pixel, pixel === zero)));
      element.style.cssText = style;
    }
  }

  /** Marks a token by a class, and by an ARIA state if there is one. Returns a function that takes the mark off. */
  mark(index: number | null, name: string, state?: string): (() => void) | undefined {
    const element = index === null ? undefined : this.all[index];
    if (!element) return undefined;
    element.classList.add(name);
    if (state) element.setAttribute(state, "true");
    return () => {
      element.classList.remove(name);
      if (state) element.setAttribute(state, "false");
    };
  }

  /** The first box of a token: it may be broken over two lines. */
  boxOf(index: number): Box {
    const element = this.all[index] as HTMLElement;
    return element.getClientRects()[0] ?? element.getBoundingClientRect();
  }
}

function styleOf(pixel: number, isZero: boolean): string {
  const color = unpack(pixel);
  const text = textOn(color);
  // On the color of zero, marks are as quiet as elsewhere; on other colors, only black or white is sure to be readable.
  return `--back:${css(color)};color:${text}${isZero ? "" : `;--aside:${text}`}`;
}
