/** Scenes of heatmaps for tests: a layer x head map, which has texts as labels, and a pattern of tokens. */
import { paletteOf } from "../src/color/palette";
import { ColorScale } from "../src/color/scale";
import type { AxisLabels } from "../src/heatmap/axisLabels";
import { tokenAxis } from "../src/heatmap/axisLabels";
import { heatmapLayout } from "../src/heatmap/layout";
import type { HeatmapScene, SceneInput } from "../src/heatmap/scene";
import { heatmapScene } from "../src/heatmap/scene";

export const ROWS: AxisLabels = {
  labels: Array.from({ length: 4 }, (_, i) => `Layer ${i}`),
  title: "Layer",
  kind: "text",
};
export const COLS: AxisLabels = {
  labels: Array.from({ length: 6 }, (_, i) => `Head ${i}`),
  title: "Head",
  kind: "text",
};
export const TOKENS = tokenAxis("Source (key)", [" When", " Mary", "\n", " and"], [3, 4, 5, 6]);

export function sceneOf(rows: AxisLabels, cols: AxisLabels, other: Partial<SceneInput> = {}): HeatmapScene {
  const [rowCount, colCount] = [rows.labels.length, cols.labels.length];
  return heatmapScene({
    layout: heatmapLayout({
      rows: rowCount,
      cols: colCount,
      sizedFor: colCount,
      rowRoom: 68,
      colRoom: 60,
      beyond: 30,
      width: 1000,
      tallest: 600,
    }),
    rows,
    cols,
    raster: { width: colCount, height: rowCount, pixels: new Uint32Array(rowCount * colCount).fill(7) },
    caption: "How much each head matters",
    legend: {
      scale: new ColorScale([-1, 1], paletteOf("light")),
      text: "effect",
      masked: true,
      missing: false,
    },
    ...other,
  });
}
