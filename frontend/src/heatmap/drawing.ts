/** A labelled heatmap as a drawing of its own: as wide as a page of paper needs, whatever the size of the window. */
import type { Drawing, Ink } from "../export/exports";
import type { Raster } from "../raster/paint";
import type { AxisLabels } from "./axisLabels";
import type { Cell } from "./cell";
import { labelRoom, legendWidth, roomBeyond } from "./labelRoom";
import { heatmapLayout } from "./layout";
import type { LegendInput } from "./legend";
import { paintHeatmap } from "./paintScene";
import { heatmapScene } from "./scene";

/** CSS pixels across, and of the picture's height where cells are many. Python's `_export/heatmap_svg.py` has the same. */
const [WIDTH, TALLEST] = [1000, 660];
const DASHES = [4, 2];

export interface Shown {
  raster: Raster | null;
  rows: AxisLabels;
  cols: AxisLabels;
  caption: string;
  legend: LegendInput;
  /** A cell with a frame around it. */
  pinned: Cell | null;
  /** Cells with dashed frames. */
  marks?: readonly Cell[];
}

/** Null while nothing is decoded. */
export function heatmapDrawing(shown: Shown, ink: Ink): Drawing | null {
  const { raster, rows, cols, pinned, marks = [] } = shown;
  if (!raster) return null;
  const layout = heatmapLayout({
    rows: rows.labels.length,
    cols: cols.labels.length,
    sizedFor: cols.labels.length,
    rowRoom: labelRoom([rows]),
    colRoom: labelRoom([cols]),
    beyond: roomBeyond([cols]),
    upright: cols.upright ?? false,
    width: WIDTH,
    tallest: TALLEST,
  });
  const scene = heatmapScene({ ...shown, layout, legendWidth: legendWidth(shown.legend.text) });
  return {
    width: scene.width,
    height: scene.height,
    paint: (pen) => {
      paintHeatmap(pen, scene, ink);
      const { left, top } = scene.picture;
      const { width, height } = layout.cell;
      const outline = ({ row, col }: Cell) =>
        pen.strokeRect(left + col * width, top + row * height, width, height);
      pen.strokeStyle = ink.text;
      pen.lineWidth = 2;
      pen.setLineDash(DASHES);
      marks.forEach(outline);
      pen.setLineDash([]);
      if (pinned) outline(pinned);
    },
  };
}
