import { beforeEach, expect, test } from "vitest";
import { COLS, ROWS, sceneOf, TOKENS } from "../../test/heatmaps";
import { emptyPicture, fakePen, type Picture } from "../../test/pen";
import { tokenAxis } from "./axisLabels";
import { paintHeatmap } from "./paintScene";
import type { HeatmapScene } from "./scene";

const INK = { text: "text", quiet: "quiet", line: "line", surface: "surface" };

function painted(scene: HeatmapScene): Picture {
  const picture = emptyPicture();
  paintHeatmap(fakePen(picture), scene, INK);
  return picture;
}

const scene = sceneOf(ROWS, COLS);
let picture: Picture;
const textAt = (text: string) => picture.texts.find((drawn) => drawn.text === text)!;

beforeEach(() => (picture = painted(scene)));

test("the raster fills the picture's rectangle, on the ground's color", () => {
  const { left: x, top: y, width, height } = scene.picture;
  expect(picture.strips).toEqual([{ x, y, width, height, alpha: 1 }]);
  expect(picture.rectangles[0]).toEqual({
    x: 0,
    y: 0,
    width: scene.width,
    height: scene.height,
    color: "surface",
  });
});

test("row labels end at their place, column labels start at theirs and lean", () => {
  for (const { text, x, y } of scene.rowLabels) {
    const drawn = textAt(text);
    expect([drawn.x + 6 * text.length, drawn.y, drawn.angle]).toEqual([x, y, 0]);
  }
  for (const { text, x, y } of scene.colLabels) {
    const drawn = textAt(text);
    expect([drawn.x, drawn.y]).toEqual([x, y]);
    expect(drawn.angle).toBeCloseTo(60, 9);
  }
});

test("column labels that stand upright have their middle below that of their column", () => {
  const upright = sceneOf(ROWS, { ...COLS, labels: ["0", "1", "2", "3", "4", "15"], upright: true });
  const { texts } = painted(upright);
  const { left, top, width, height } = upright.picture;
  const below = texts.filter(({ y }) => y > top + height && y < top + height + 20);
  expect(below.map(({ text, angle }) => [text, angle])).toEqual(
    ["0", "1", "2", "3", "4", "15"].map((text) => [text, 0]),
  );
  for (const [i, { text, x }] of below.entries())
    expect(x + 3 * text.length).toBeCloseTo(left + (width / 6) * (i + 0.5), 9);
});

test("both titles are written, the rows' from below to above", () => {
  expect(textAt("Layer").angle).toBeCloseTo(-90, 9);
  expect([textAt("Layer").x, textAt("Layer").y]).toEqual([scene.rowTitle!.x, scene.rowTitle!.y]);
  expect(textAt("Head").x).toBe(scene.colTitle.x - (6 * "Head".length) / 2);
});

test("the columns' title starts at the left end of a long picture, as on the page, where it does not scroll away", () => {
  const long = sceneOf(tokenAxis("", ["a"]), tokenAxis("Source", Array.from({ length: 900 }, String)));
  const title = painted(long).texts.find(({ text }) => text === "Source")!;
  expect(title.x).toBe(long.picture.left);
});

test("a token has its number and its marks in the quiet color", () => {
  const { texts } = painted(sceneOf(TOKENS, TOKENS));
  const find = (text: string) => texts.filter((drawn) => drawn.text === text).map(({ color }) => color);
  expect(find("3")).toEqual(["quiet", "quiet"]);
  expect(new Set(find("·"))).toEqual(new Set(["quiet"]));
  expect(find("When")).toEqual(["text", "text"]);
  expect(find("↵")).toEqual(["quiet", "quiet"]);
});

test("a label that is longer than its room is cut, and the caption where the scene ends", () => {
  const long = tokenAxis("", ["a".repeat(100)]);
  const { texts } = painted(sceneOf(long, long, { caption: "b".repeat(200) }));
  for (const [first, room] of [
    ["a", 68],
    ["b", 420],
  ] as const) {
    const { text } = texts.find((drawn) => drawn.text.startsWith(first))!;
    expect(text.endsWith("…")).toBe(true);
    expect(6 * text.length).toBeLessThanOrEqual(room);
  }
});

test("the legend's bar has the scale's gradient, with its ticks below and swatches beside", () => {
  const { x, gradient } = scene.legend;
  expect(picture.rectangles.find(({ color }) => color === gradient.join(" "))).toMatchObject({
    x,
    width: 130,
    height: 10,
  });
  expect([textAt("-1").x, textAt("0").x, textAt("1").x]).toEqual([x, x + 65 - 3, x + 130 - 6]);
  expect(textAt("masked").x).toBeGreaterThan(x + 130);
  expect(textAt("effect").x).toBe(x);
});

test("a scene whose data are not decoded yet has everything but the cells", () => {
  const empty = painted(sceneOf(ROWS, COLS, { raster: null }));
  expect(empty.strips).toEqual([]);
  expect(empty.texts).toEqual(picture.texts);
});
