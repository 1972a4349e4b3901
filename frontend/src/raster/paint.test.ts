import { expect, test } from "vitest";
import { fullMatrix } from "../../test/matrices";
import { pack } from "../color/color";
import { paletteOf } from "../color/palette";
import { ColorScale } from "../color/scale";
import { hideColumns, paint, poolWeights } from "./paint";

const palette = paletteOf("light");
const unsigned = new ColorScale([0, 1], palette);

test("a head is painted by value on one scale for both signs, clamped to its ends", () => {
  const scale = new ColorScale([-1, 1], palette);
  const picture = paint(fullMatrix([0, 100, 150, 400], 2, 0.01, 100), null, scale, () => 1);
  expect([...picture.pixels]).toEqual([-1, 0, 0.5, 1].map((value) => scale.pixel(value)));
});

test("a weighted head is painted by value times weight", () => {
  const picture = paint(fullMatrix([100, 100], 2, 0.01), Float32Array.from([1, 0.25]), unsigned, () => 1);
  expect([...picture.pixels]).toEqual([unsigned.pixel(1), unsigned.pixel(0.25)]);
});

test("a cell without a value is missing, or masked beyond the last column that can have one", () => {
  const missing = fullMatrix([9, 0, 9], 3, 1, 0, 9);
  const picture = paint(missing, null, unsigned, () => 1);
  expect([...picture.pixels]).toEqual([palette.missing, palette.zero, palette.masked].map(pack));
});

test("a column whose weight is unknown has no value", () => {
  const picture = paint(fullMatrix([100, 0], 2, 0.01), Float32Array.from([NaN, 1]), unsigned, () => 1);
  expect([...picture.pixels]).toEqual([palette.missing, palette.zero].map(pack));
});

test("a preview's weights are the largest of each block, without those that are unknown", () => {
  const pooled = poolWeights(Float32Array.from([0.5, 0.25, NaN, 1, NaN, NaN, 0.75]), 2);
  expect([...pooled]).toEqual([0.5, 1, NaN, 0.75]);
});

test("a hidden first column has a color of its own, and its masked cells stay masked", () => {
  const codes = [9, 9, 100, 50]; // a row that is all masked, and one with values
  const picture = paint(fullMatrix(codes, 2, 0.01, 0, 9), null, unsigned, (row) => (row === 0 ? -1 : 1));
  const want = [palette.masked, palette.masked, palette.hidden].map(pack);
  expect([...hideColumns(picture, Uint8Array.of(1, 0), palette).pixels]).toEqual([
    ...want,
    unsigned.pixel(0.5),
  ]);
});
