/** Everything that is drawn of a labelled heatmap, with its place: plain data, made without a browser. */
import type { Raster } from "../raster/paint";
import type { AxisLabels, PlacedLabel } from "./axisLabels";
import { placedLabels } from "./axisLabels";
import type { HeatmapLayout } from "./layout";
import { COLUMN_GAP, LABEL_GAP, TITLE_LINE, TITLE_WIDTH, UPRIGHT_MIDDLE } from "./layout";
import type { LegendInput, LegendScene } from "./legend";
import { BAR, legendScene, TICK_LINE } from "./legend";

/** CSS pixels between caption, heatmap and legend, and around all of it. */
const GAP = 12;
const MARGIN = 12;
/** CSS pixels of a line of the caption, and of the legend's text with the gap below it. */
export const CAPTION_LINE = 19;
const LEGEND_LINE = 21;
/** CSS pixels of the scene for a small picture, so that a caption of usual length fits. */
const LEAST_WIDTH = 420;

/** A label where it starts or ends, on the middle of its line. */
export interface LabelScene extends Omit<PlacedLabel, "middle"> {
  x: number;
  y: number;
}

export interface HeatmapScene {
  /** CSS pixels of everything. */
  width: number;
  height: number;
  /** The caption from its top left corner. It may take all of the width. */
  caption: { text: string; x: number; y: number };
  /** Null where nothing is decoded yet. */
  raster: Raster | null;
  picture: { left: number; top: number; width: number; height: number };
  /** Right ends of the row labels; starts of the column labels, which lean, or their middles if upright. Ones longer than the room are cut. */
  rowLabels: LabelScene[];
  colLabels: LabelScene[];
  upright: boolean;
  rowRoom: number;
  colRoom: number;
  /** Middle of the rows' title, which is turned by 90 degrees; null where the rows are too few for one. */
  rowTitle: { text: string; x: number; y: number } | null;
  /** Middle of the columns' title; its start if `align` is "left", as for long pictures, or if it is wider than the picture. */
  colTitle: { text: string; x: number; y: number; align: "center" | "left" };
  legend: LegendScene & { x: number; y: number };
}

export interface SceneInput {
  layout: HeatmapLayout;
  rows: AxisLabels;
  cols: AxisLabels;
  raster: Raster | null;
  caption: string;
  legend: LegendInput;
  /** CSS pixels of the legend's text. */
  legendWidth?: number;
}

export function heatmapScene(input: SceneInput): HeatmapScene {
  const { layout, rows, cols, raster, caption, legend, legendWidth = 0 } = input;
  const [x, y] = [MARGIN, MARGIN + CAPTION_LINE + GAP];
  const picture = { ...layout.picture, left: x + layout.picture.left, top: y + layout.picture.top };
  const bottom = picture.top + picture.height;
  const legendY = y + layout.height + GAP;
  return {
    width: Math.max(Math.max(layout.width, legendWidth) + 2 * MARGIN, LEAST_WIDTH),
    height: legendY + LEGEND_LINE + BAR.top + BAR.height + TICK_LINE + MARGIN,
    caption: { text: caption, x, y: MARGIN },
    raster,
    picture,
    rowLabels: placedLabels(rows, layout.cell.height).map(({ middle, ...label }) => ({
      ...label,
      x: picture.left - LABEL_GAP / 2,
      y: picture.top + middle,
    })),
    colLabels: placedLabels(cols, layout.cell.width).map(({ middle, ...label }) => ({
      ...label,
      x: picture.left + middle,
      y: bottom + (cols.upright ? UPRIGHT_MIDDLE : COLUMN_GAP),
    })),
    upright: cols.upright ?? false,
    rowRoom: layout.rowRoom,
    colRoom: layout.colRoom,
    rowTitle: layout.hasRowTitle
      ? { text: rows.title, x: x + TITLE_WIDTH / 2, y: picture.top + picture.height / 2 }
      : null,
    colTitle: {
      text: cols.title,
      x: layout.long ? picture.left : picture.left + picture.width / 2,
      align: layout.long ? "left" : "center",
      y: bottom + layout.colHeight + TITLE_LINE / 2,
    },
    legend: { ...legendScene(legend), x, y: legendY },
  };
}
