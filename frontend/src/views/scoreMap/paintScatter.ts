/** Paints a scatter with the methods of a 2D context: a canvas, or the recorder that writes SVG. */
import type { Ink, Pen } from "../../export/exports";
import { FONT_FAMILY } from "../../text/font";
import { RADIUS, ROOM, type ScatterScene } from "./scatterScene";

export interface ScatterTexts {
  /** Names of the axes. */
  across: string;
  up: string;
}

export function paintScatter(pen: Pen, scene: ScatterScene, texts: ScatterTexts, ink: Ink): void {
  const { width, height, across, up, points } = scene;
  const [left, right, top, bottom] = [ROOM.left, width - ROOM.right, ROOM.top, height - ROOM.bottom];
  pen.lineWidth = 1;
  pen.textBaseline = "middle";
  pen.font = `11px ${FONT_FAMILY}`;
  for (const { at, text, value } of across) {
    line(pen, [at, top, at, bottom], value === 0 ? ink.quiet : ink.line);
    write(pen, text, at, bottom + 12, "center", ink.quiet);
  }
  for (const { at, text, value } of up) {
    line(pen, [left, at, right, at], value === 0 ? ink.quiet : ink.line);
    write(pen, text, left - 8, at, "right", ink.quiet);
  }
  pen.strokeStyle = ink.line;
  pen.strokeRect(left, top, right - left, bottom - top);
  write(pen, texts.across, (left + right) / 2, height - 12, "center", ink.text);
  write(pen, texts.up, 4, 10, "left", ink.text);
  pen.strokeStyle = ink.quiet;
  for (const { x, y, color } of points) {
    pen.beginPath();
    pen.arc(x, y, RADIUS, 0, 2 * Math.PI);
    pen.fillStyle = color;
    pen.fill();
    pen.stroke();
  }
}

function line(pen: Pen, [x0, y0, x1, y1]: [number, number, number, number], color: string): void {
  pen.strokeStyle = color;
  pen.beginPath();
  pen.moveTo(x0, y0);
  pen.lineTo(x1, y1);
  pen.stroke();
}

function write(pen: Pen, text: string, x: number, y: number, align: CanvasTextAlign, color: string): void {
  pen.fillStyle = color;
  pen.textAlign = align;
  pen.fillText(text, x, y);
}
