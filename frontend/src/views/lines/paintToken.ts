/** A token of the lines view on its canvas. */
import { paintLabel } from "../../text/paintLabel";
import { type Column, ROW } from "./layout";
import type { Ink } from "./scene";

/** CSS pixels. */
export const FONT_SIZE = 12;

/** A token with its position: queries end at the right edge of their column, sources begin at its left one. */
export function paintToken(
  pen: CanvasRenderingContext2D,
  ink: Ink,
  { part, x, width }: Column,
  label: { number: number; text: string },
  y: number,
  strong: boolean,
): void {
  const align = part === "dest" ? "right" : "left";
  paintLabel(
    pen,
    { ...label, kind: "token" },
    {
      size: FONT_SIZE,
      numberSize: 10,
      color: strong ? ink.accent : ink.text,
      quiet: ink.quiet,
      bold: strong,
    },
    { x: align === "right" ? x + width : x, y: y + ROW / 2 + 0.5, width, align },
  );
}
