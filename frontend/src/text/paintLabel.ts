/** A label on a canvas as the page shows it: a number, then a token or a text, cut where it is too long. */
import { FONT_FAMILY } from "./font";
import { hasRightToLeft, isSpecial, pieces, plain } from "./tokenText";

export interface Label {
  /** Before the text; null for none. */
  number: number | null;
  text: string;
  /** Tokens show their spaces and special characters, texts are written as they are. */
  kind: "token" | "text";
}

export interface LabelStyle {
  /** CSS pixels of the text and of the number. */
  size: number;
  numberSize: number;
  /** CSS colors of the text, and of the number and the marks. */
  color: string;
  quiet: string;
  bold?: boolean;
  /** CSS pixels between number and text; by default a space of the text's font. */
  gap?: number;
}

export interface LabelPlace {
  /** Where the label starts; its end if `align` is "right", its middle if "center". */
  x: number;
  /** Middle of its line. */
  y: number;
  /** CSS pixels that it may take. */
  width: number;
  align: "left" | "center" | "right";
}

export function paintLabel(
  pen: CanvasRenderingContext2D,
  { number, text, kind }: Label,
  { size, numberSize, color, quiet, bold = false, gap: givenGap }: LabelStyle,
  place: LabelPlace,
): void {
  const numberFont = `${numberSize}px ${FONT_FAMILY}`;
  const italic = kind === "token" && isSpecial(text);
  const font = `${italic ? "italic " : ""}${bold ? "600 " : ""}${size}px ${FONT_FAMILY}`;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  pen.font = numberFont;
  const numberText = number === null ? "" : String(number);
  const numberWidth = number === null ? 0 : pen.measureText(numberText).width;
  pen.font = font;
  const gap = number === null ? 0 : (givenGap ?? pen.measureText(" ").width);
  const whole = kind === "token" ? plain(text) : text;
  const shown = fitted(pen, whole, place.width - numberWidth - gap);
  const width = numberWidth + gap + pen.measureText(shown).width;
  let x = place.x - { left: 0, center: width / 2, right: width }[place.align];
  pen.font = numberFont;
  pen.fillStyle = quiet;
  if (number !== null) pen.fillText(numberText, x, place.y);
  x += numberWidth + gap;
  pen.font = font;
  // The order of pieces on screen is that of their characters only where no text runs from right to left.
  const inPieces = kind === "token" && shown === whole && !hasRightToLeft(whole);
  for (const piece of inPieces ? pieces(text) : [{ text: shown, mark: false }]) {
    pen.fillStyle = piece.mark ? quiet : color;
    pen.fillText(piece.text, x, place.y);
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
