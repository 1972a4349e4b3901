/** The grid on a canvas. Works with everything that has the methods of a 2D context. */
import { css, textOn } from "../../color/color";
import type { Ink, Pen } from "../../export/exports";
import { FONT_FAMILY } from "../../text/font";
import { fitted, paintLabel } from "../../text/paintLabel";
import { plain } from "../../text/tokenText";
import { ABOVE, BELOW, CELL, cornerOf, NAMES } from "./grid";
import type { CellScene, ColumnLabel, GridScene } from "./scene";

const SIZE = 12;
/** CSS pixels between a cell's text and its edge, and between cells. */
const [PADDING, SEAM] = [4, 1];

/** Texts that fit into a cell, which take long to be found: by their font and index in the vocabulary. */
export type Fitted = Map<string, string>;

export function paintGrid(pen: Pen, scene: GridScene, ink: Ink, texts: Fitted): void {
  const { frame } = scene.view;
  pen.clearRect(0, 0, frame.width, frame.height);
  pen.textBaseline = "middle";
  for (const cell of scene.cells) paintCell(pen, scene, cell, texts);
  paintFocus(pen, scene, ink);
  // what is scrolled below the labels
  pen.clearRect(0, 0, frame.width, ABOVE);
  pen.clearRect(0, frame.height - BELOW, frame.width, BELOW);
  pen.clearRect(0, 0, NAMES, frame.height);
  paintColumns(pen, scene, scene.above, ABOVE / 2, ink);
  paintColumns(pen, scene, scene.below, frame.height - BELOW / 2, ink);
  paintRows(pen, scene, ink);
}

function font(bold: boolean): string {
  return `${bold ? "bold " : ""}${SIZE}px ${FONT_FAMILY}`;
}

function paintCell(pen: Pen, { view, vocabulary }: GridScene, cell: CellScene, texts: Fitted): void {
  const { x, y } = cornerOf(view, cell);
  pen.fillStyle = css(cell.color);
  pen.fillRect(x, y, CELL.width - SEAM, CELL.height - SEAM);
  if (cell.token === null) return;
  pen.font = font(cell.hit);
  const key = `${cell.hit} ${cell.token}`;
  let text = texts.get(key);
  if (text === undefined) {
    text = fitted(pen, plain(vocabulary[cell.token] ?? ""), CELL.width - 2 * PADDING - SEAM);
    texts.set(key, text);
  }
  pen.fillStyle = textOn(cell.color);
  pen.textAlign = "left";
  pen.fillText(text, x + PADDING, y + CELL.height / 2);
}

function paintFocus(pen: Pen, { view, focus, column, pinned }: GridScene, ink: Ink): void {
  const { x } = cornerOf(view, { row: 0, col: column });
  pen.strokeStyle = ink.accent;
  pen.lineWidth = 1;
  pen.strokeRect(x - 0.5, ABOVE - view.scroll.top - 0.5, CELL.width, view.rows * CELL.height);
  if (!focus) return;
  const corner = cornerOf(view, focus);
  pen.strokeStyle = ink.surface;
  pen.lineWidth = pinned ? 6 : 4;
  pen.strokeRect(corner.x - 0.5, corner.y - 0.5, CELL.width, CELL.height);
  pen.strokeStyle = ink.ring;
  pen.lineWidth = pinned ? 3 : 1.5;
  pen.strokeRect(corner.x - 0.5, corner.y - 0.5, CELL.width, CELL.height);
}

function paintColumns(pen: Pen, scene: GridScene, labels: readonly ColumnLabel[], y: number, ink: Ink): void {
  for (const { col, number, text } of labels) {
    const { x } = cornerOf(scene.view, { row: 0, col });
    const strong = col === scene.column;
    const style = {
      size: SIZE,
      numberSize: 10,
      color: strong ? ink.accent : ink.text,
      quiet: ink.quiet,
      bold: strong,
    };
    const place = { x: x + PADDING, y, width: CELL.width - 2 * PADDING, align: "left" as const };
    if (text === null)
      paintLabel(pen, { number, text: "–", kind: "text" }, { ...style, color: ink.quiet }, place);
    else paintLabel(pen, { number, text, kind: "token" }, style, place);
  }
}

/** Names of rows, and of the lines of labels; over what is scrolled below them. */
function paintRows(pen: Pen, { view, rows, focus }: GridScene, ink: Ink): void {
  const { height } = view.frame;
  const place = { x: NAMES - 2 * PADDING, width: NAMES - 2 * PADDING, align: "right" as const };
  const style = { size: SIZE, numberSize: 10, color: ink.text, quiet: ink.quiet };
  for (const { row, text } of rows) {
    const { y } = cornerOf(view, { row, col: 0 });
    const strong = row === focus?.row;
    const color = strong ? ink.accent : ink.text;
    paintLabel(
      pen,
      { number: null, text, kind: "text" },
      { ...style, color, bold: strong },
      { ...place, y: y + CELL.height / 2 },
    );
  }
  for (const [y, length] of [
    [0, ABOVE],
    [height - BELOW, BELOW],
  ] as const)
    pen.clearRect(0, y, NAMES, length);
  const quiet = { ...style, size: 11, color: ink.quiet };
  paintLabel(pen, { number: null, text: "target", kind: "text" }, quiet, { ...place, y: ABOVE / 2 });
  paintLabel(pen, { number: null, text: "token", kind: "text" }, quiet, { ...place, y: height - BELOW / 2 });
}
