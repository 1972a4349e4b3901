/** Tokens on a canvas, as `Token.svelte` shows them: position before, marks fainter, cut where they are long. */
import { FONT_FAMILY } from "../../text/font";
import { hasRightToLeft, isSpecial, pieces, plain } from "../../text/tokenText";
import { ROW } from "./layout";
import type { Ink } from "./scene";

export const FONT = `12px ${FONT_FAMILY}`;
export const SMALL_FONT = `10px ${FONT_FAMILY}`;

interface Place {
  x: number;
  width: number;
  /** Top of the row. */
  y: number;
  /** Whether the text ends at the right edge. */
  right: boolean;
  ink: Ink;
  strong: boolean;
}

export function drawToken(
  pen: CanvasRenderingContext2D,
  token: string,
  position: number,
  place: Place,
): void {
  const { ink, strong } = place;
  const middle = place.y + ROW / 2 + 0.5;
  pen.textAlign = "left";
  pen.font = SMALL_FONT;
  const index = `${position} `;
  const indexWidth = pen.measureText(index).width + 2;
  pen.font = `${isSpecial(token) ? "italic " : ""}${strong ? "600 " : ""}${FONT}`;
  const text = fitted(pen, plain(token), place.width - indexWidth);
  let x = place.right ? place.x + place.width - pen.measureText(text).width - indexWidth : place.x;
  const font = pen.font;
  pen.font = SMALL_FONT;
  pen.fillStyle = ink.quiet;
  pen.fillText(index, x, middle);
  pen.font = font;
  x += indexWidth;
  // pieces of a text from right to left must not be placed one by one
  const whole = text === plain(token) && !hasRightToLeft(text);
  for (const piece of whole ? pieces(token) : [{ text, mark: false }]) {
    pen.fillStyle = piece.mark ? ink.quiet : strong ? ink.accent : ink.text;
    pen.fillText(piece.text, x, middle);
    x += pen.measureText(piece.text).width;
  }
}

/** The text, or as much of its start as fits before an ellipsis. */
export function fitted(pen: CanvasRenderingContext2D, text: string, width: number): string {
  if (pen.measureText(text).width <= width) return text;
  const characters = [...text];
  let [low, high] = [0, characters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (pen.measureText(`${characters.slice(0, middle).join("")}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return `${characters.slice(0, low).join("")}…`;
}
