/** Tokens of the lines view on a canvas. */
import { FONT_FAMILY } from "../../text/font";
import { paintLabel } from "../../text/paintLabel";
import { ROW } from "./layout";
import type { Ink } from "./scene";

/** CSS pixels of texts, and of the positions before tokens. */
const [SIZE, NUMBER_SIZE] = [12, 10];
export const FONT = `${SIZE}px ${FONT_FAMILY}`;

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
  { x, y, width, right, ink, strong }: Place,
): void {
  paintLabel(
    pen,
    { number: position, text: token, kind: "token" },
    {
      size: SIZE,
      numberSize: NUMBER_SIZE,
      gap: 5,
      color: strong ? ink.accent : ink.text,
      quiet: ink.quiet,
      bold: strong,
    },
    { x: right ? x + width : x, y: y + ROW / 2 + 0.5, width, align: right ? "right" : "left" },
  );
}
