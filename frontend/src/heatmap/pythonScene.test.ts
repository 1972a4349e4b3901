/** SVG files are laid out in Python. Both sides compute the same numbers: `scripts/fixtures/heatmap_scenes.py` writes those of Python. */
import { expect, test } from "vitest";
import written from "../../../tests/export/heatmap_scenes.json";
import { paletteOf } from "../color/palette";
import { ColorScale } from "../color/scale";
import { formatTick } from "../text/number";
import { tokenAxis } from "./axisLabels";
import { heatmapLayout } from "./layout";
import { heatmapScene } from "./scene";

const ends = <T>(list: T[]): T[] => (list.length > 4 ? [...list.slice(0, 2), ...list.slice(-2)] : list);

test.each(written.cases)("$input.rows x $input.cols cells are laid out as in Python", (wanted) => {
  const { rows, cols } = wanted.input;
  const layout = heatmapLayout({ ...wanted.input, sizedFor: cols });
  expect(layout).toMatchObject(wanted.layout);
  const axis = (title: string, count: number, upright = false) => ({
    ...tokenAxis(
      title,
      Array.from({ length: count }, (_, i) => `t${i}`),
    ),
    upright,
  });
  const scene = heatmapScene({
    layout,
    rows: axis("Rows", rows),
    cols: axis("Cols", cols, wanted.input.upright),
    raster: null,
    caption: "Caption",
    legend: { scale: new ColorScale([0, 1], paletteOf("light")), text: "", masked: false, missing: false },
  });
  const { x, y } = scene.legend;
  const { legend, caption, rowTitle, rowLabels, colLabels, ...others } = wanted.scene;
  expect([x, y]).toEqual(legend);
  expect(scene).toMatchObject(others);
  expect(scene.caption).toEqual({ text: caption.text, x: caption.x, y: caption.y });
  expect(scene.rowTitle).toEqual(rowTitle && { text: rowTitle.text, x: rowTitle.x, y: rowTitle.y });
  expect(ends(scene.rowLabels)).toMatchObject(rowLabels);
  expect(ends(scene.colLabels)).toMatchObject(colLabels);
});

test.each(written.ticks)("the number %s of a legend is written as in Python", (value, text) => {
  expect(formatTick(value as number)).toBe(text);
});
