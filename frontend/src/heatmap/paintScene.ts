/** A heatmap's scene on a canvas, as the page shows it. Works with everything that has the methods of a 2D context. */
import type { Ink as Colors } from "../export/exports";
import { drawRaster } from "../raster/drawRaster";
import type { LabelStyle } from "../text/paintLabel";
import { FONT_FAMILY } from "../text/font";
import { fitted, paintLabel } from "../text/paintLabel";
import { LEAN, UPRIGHT_PITCH } from "./layout";
import { BAR, PART_GAP, SWATCH, TICK_LINE } from "./legend";
import type { HeatmapScene, LabelScene } from "./scene";
import { CAPTION_LINE } from "./scene";

type Pen = CanvasRenderingContext2D;

/** Colors of text, frames and background. */
export type Ink = Pick<Colors, "text" | "quiet" | "line" | "surface">;

const font = (size: number, weight = "") => `${weight}${size}px ${FONT_FAMILY}`;

export function paintHeatmap(pen: Pen, scene: HeatmapScene, ink: Ink): void {
  pen.fillStyle = ink.surface;
  pen.fillRect(0, 0, scene.width, scene.height);
  paintCaption(pen, scene, ink);
  paintPicture(pen, scene, ink);
  paintRowLabels(pen, scene, ink);
  paintColumnLabels(pen, scene, ink);
  paintTitles(pen, scene, ink);
  paintLegend(pen, scene.legend, ink);
}

function paintCaption(pen: Pen, { caption, width }: HeatmapScene, ink: Ink): void {
  pen.font = font(13, "bold ");
  pen.fillStyle = ink.text;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  const text = fitted(pen, caption.text, width - 2 * caption.x);
  pen.fillText(text, caption.x, caption.y + CAPTION_LINE / 2);
}

function paintPicture(pen: Pen, { raster, picture }: HeatmapScene, ink: Ink): void {
  const { left, top, width, height } = picture;
  if (raster) drawRaster(pen, raster, left, top, width, height);
  frame(pen, left, top, width, height, ink);
}

function labelStyle(ink: Ink): LabelStyle {
  return { size: 11, numberSize: 9, color: ink.text, quiet: ink.quiet };
}

function paintRowLabels(pen: Pen, { rowLabels, rowRoom }: HeatmapScene, ink: Ink): void {
  for (const label of rowLabels)
    paintLabel(pen, label, labelStyle(ink), { x: label.x, y: label.y, width: rowRoom, align: "right" });
}

function paintColumnLabels(pen: Pen, { colLabels, colRoom, upright }: HeatmapScene, ink: Ink): void {
  if (upright) {
    for (const label of colLabels)
      paintLabel(pen, label, labelStyle(ink), {
        x: label.x,
        y: label.y,
        width: UPRIGHT_PITCH,
        align: "center",
      });
    return;
  }
  const paintLeaning = (label: LabelScene) => {
    pen.save();
    pen.translate(label.x, label.y);
    pen.rotate((LEAN * Math.PI) / 180);
    paintLabel(pen, label, labelStyle(ink), { x: 0, y: 0, width: colRoom, align: "left" });
    pen.restore();
  };
  colLabels.forEach(paintLeaning);
}

function paintTitles(pen: Pen, { rowTitle, colTitle, picture }: HeatmapScene, ink: Ink): void {
  pen.font = font(11);
  pen.fillStyle = ink.quiet;
  pen.textBaseline = "middle";
  pen.textAlign = "left";
  const half = colTitle.align === "center" ? pen.measureText(colTitle.text).width / 2 : 0;
  pen.fillText(colTitle.text, Math.max(colTitle.x - half, picture.left), colTitle.y);
  if (!rowTitle) return;
  pen.save();
  pen.translate(rowTitle.x, rowTitle.y);
  pen.rotate(-Math.PI / 2);
  pen.textAlign = "center";
  pen.fillText(rowTitle.text, 0, 0);
  pen.restore();
}

/** A color scale with its name and ticks, at a place. */
export function paintLegend(pen: Pen, legend: HeatmapScene["legend"], ink: Ink): void {
  const { x, y } = legend;
  pen.font = font(12);
  pen.fillStyle = ink.quiet;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  pen.fillText(legend.text, x, y + 9);
  const barTop = y + 21 + BAR.top;
  const gradient = pen.createLinearGradient(x, 0, x + BAR.width, 0);
  legend.gradient.forEach((color, i) => gradient.addColorStop(i / (legend.gradient.length - 1), color));
  pen.fillStyle = gradient;
  pen.fillRect(x, barTop, BAR.width, BAR.height);
  frame(pen, x, barTop, BAR.width, BAR.height, ink);
  pen.fillStyle = ink.quiet;
  for (const { place, text } of legend.ticks) {
    const left = x + place * (BAR.width - pen.measureText(text).width);
    pen.fillText(text, left, barTop + BAR.height + TICK_LINE / 2);
  }
  let right = x + BAR.width + PART_GAP;
  for (const { color, name } of legend.swatches) {
    const top = y + 21 + 3;
    pen.fillStyle = color;
    pen.fillRect(right, top, SWATCH.side, SWATCH.side);
    frame(pen, right, top, SWATCH.side, SWATCH.side, ink);
    pen.fillStyle = ink.quiet;
    pen.fillText(name, right + SWATCH.side + SWATCH.gap, top + SWATCH.side / 2);
    right += SWATCH.side + SWATCH.gap + pen.measureText(name).width + PART_GAP;
  }
}

/** A line around a rectangle, outside of it. */
function frame(pen: Pen, x: number, y: number, width: number, height: number, ink: Ink): void {
  pen.strokeStyle = ink.line;
  pen.lineWidth = 1;
  pen.strokeRect(x - 0.5, y - 0.5, width + 1, height + 1);
}
