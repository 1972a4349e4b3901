import { expect, test } from "vitest";
import { COLS, ROWS, sceneOf, TOKENS } from "../../test/heatmaps";
import { tokenAxis } from "./axisLabels";

const scene = sceneOf(ROWS, COLS);

test("axes and titles are those that were given, whatever the rows and columns are", () => {
  expect(scene.rowLabels.map(({ number, text }) => [number, text])).toEqual(
    ROWS.labels.map((label) => [null, label]),
  );
  expect([scene.rowTitle?.text, scene.colTitle.text]).toEqual(["Layer", "Head"]);
  const tokens = sceneOf(TOKENS, TOKENS);
  expect(tokens.colLabels.map(({ number }) => number)).toEqual([3, 4, 5, 6]);
});

test("row labels end left of the picture in the middle of their rows, column labels start below theirs", () => {
  const { picture, rowLabels, colLabels } = scene;
  const [cellWidth, cellHeight] = [picture.width / 6, picture.height / 4];
  for (const [i, { x, y }] of rowLabels.entries())
    expect([x, y]).toEqual([picture.left - 6, picture.top + (i + 0.5) * cellHeight]);
  for (const [i, { x, y }] of colLabels.entries())
    expect([x, y]).toEqual([picture.left + (i + 0.5) * cellWidth, picture.top + picture.height + 6]);
});

test("caption, picture, titles and legend lie below each other, within the scene", () => {
  const { caption, picture, colTitle, legend, height, width } = scene;
  const order = [caption.y, picture.top, picture.top + picture.height, colTitle.y, legend.y, height];
  expect([...order].sort((a, b) => a - b)).toEqual(order);
  expect(picture.left + picture.width + 30).toBeLessThan(width);
});

test("the legend has the scale's ticks, and the colors of cells without a value", () => {
  expect(scene.legend.ticks.map(({ text }) => text)).toEqual(["-1", "0", "1"]);
  expect(scene.legend.swatches.map(({ name }) => name)).toEqual(["masked"]);
});

test("labels that would touch are left out", () => {
  const many = tokenAxis("Source (key)", Array.from({ length: 400 }, String));
  const { rowLabels } = sceneOf(many, many);
  expect(rowLabels.length).toBeLessThan(100);
  for (const [i, { y }] of rowLabels.slice(1).entries())
    expect(y - rowLabels[i]!.y).toBeGreaterThanOrEqual(14);
});

test("a scene is plain data", () => {
  expect(JSON.stringify(structuredClone(scene))).toBe(JSON.stringify(scene));
});
