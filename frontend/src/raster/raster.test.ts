import { describe, expect, test } from "vitest";
import { Matrix } from "../data/matrix";
import { Blend } from "./blend";
import { headHue, lookUp, pack, PALETTES, ramp, STEPS, textOn, unpack } from "../color/color";
import { paint, poolWeights } from "./paint";
import { Podium } from "./topHeads";
import { cellSize, cellSizeWithin, labelStep, overviewTarget, thumbnailTarget } from "../heatmap/size";

const luminance = (pixel: number) => {
  const [r, g, b] = unpack(pixel);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const full = (codes: number[], cols: number, scale = 1, zero = 0, missing = -1) =>
  new Matrix(Uint16Array.from(codes), codes.length / cols, cols, false, scale, zero, missing);

describe.each(["light", "dark"] as const)("colours on %s", (theme) => {
  const palette = PALETTES[theme];

  test("zero is the neutral colour in every table", () => {
    for (const table of [lookUp(palette), lookUp(palette, headHue(palette, 3, 12))])
      expect(table[STEPS]).toBe(pack(palette.zero));
  });

  test("the further from zero, the further in lightness from zero's colour, on both sides", () => {
    const table = lookUp(palette);
    const zero = luminance(table[STEPS]!);
    for (const sign of [1, -1])
      for (let step = 32; step <= STEPS; step += 32)
        expect(Math.abs(luminance(table[STEPS + sign * step]!) - zero)).toBeGreaterThan(
          Math.abs(luminance(table[STEPS + sign * (step - 32)]!) - zero),
        );
  });

  test("a table holds the ramp's colours at every step; a hue's has no negative side", () => {
    const hue = headHue(palette, 3, 12);
    for (const [table, positive, negative] of [
      [lookUp(palette), palette.positive, palette.negative],
      [lookUp(palette, hue), [palette.zero, hue], [palette.zero, palette.zero]],
    ] as const)
      for (let step = 0; step <= STEPS; step++) {
        expect(table[STEPS + step]).toBe(pack(ramp(positive, step / STEPS)));
        expect(table[STEPS - step]).toBe(pack(ramp(negative, step / STEPS)));
      }
  });

  test("blue is positive, red is negative", () => {
    const table = lookUp(palette);
    const [r, , b] = unpack(table[STEPS + STEPS / 2]!);
    const [s, , c] = unpack(table[STEPS / 2]!);
    expect(b).toBeGreaterThan(r);
    expect(s).toBeGreaterThan(c);
  });

  test("masked and missing cells do not look like zero", () => {
    expect(new Set([palette.zero, palette.masked, palette.missing].map(pack)).size).toBe(3);
  });

  test("twelve heads have twelve hues", () => {
    expect(new Set(Array.from({ length: 12 }, (_, i) => pack(headHue(palette, i, 12)))).size).toBe(12);
  });
});

test("text on a colour is the one of black and white that is easier to read", () => {
  expect([textOn([255, 255, 255]), textOn([0, 0, 0]), textOn([10, 63, 134])]).toEqual([
    "#000",
    "#fff",
    "#fff",
  ]);
});

test("a head is painted by value times weight on one scale for both signs, clamped to its ends", () => {
  const palette = PALETTES.light;
  const table = lookUp(palette);
  const picture = paint(full([0, 100, 150, 400], 2, 0.01, 100), null, table, [-1, 1], palette, () => 1);
  const at = (value: number) => table[STEPS + Math.round(value * STEPS)];
  expect([...picture.pixels]).toEqual([at(-1), at(0), at(0.5), at(1)]);
  const weighted = paint(
    full([100, 100], 2, 0.01),
    Float32Array.from([1, 0.25]),
    table,
    [0, 1],
    palette,
    () => 1,
  );
  expect([...weighted.pixels]).toEqual([at(1), at(0.25)]);
});

test("a cell without a value is painted as such", () => {
  const palette = PALETTES.dark;
  const picture = paint(full([9, 0], 2, 1, 0, 9), null, lookUp(palette), [0, 1], palette, () => 1);
  expect([...picture.pixels]).toEqual([pack(palette.missing), pack(palette.zero)]);
});

test("the overview is as strong as the strongest head and mixes hues by squared values", () => {
  const palette = PALETTES.light;
  const hues = [headHue(palette, 0, 3), headHue(palette, 1, 3), headHue(palette, 2, 3)];
  const values = [
    [0.9, 0.1, 0],
    [0.3, 0.1, 0],
    [0, 0.4, 0],
  ];
  const blend = new Blend(1, 3, [0, 1], 3);
  values.forEach((row, head) =>
    blend.add(
      head,
      full(
        row.map((v) => v * 1000),
        3,
        0.001,
      ),
      null,
      hues[head]!,
    ),
  );
  const { pixels } = blend.raster(palette, () => 2);
  for (let cell = 0; cell < 3; cell++) {
    const strongest = Math.max(...values.map((row) => row[cell]!));
    const shares = values.map((row) => row[cell]! ** 2);
    const sum = shares.reduce((a, b) => a + b);
    const want = [0, 1, 2].map((channel) => {
      const hue = sum ? hues.reduce((total, h, i) => total + (h[channel]! * shares[i]!) / sum, 0) : 255;
      return 255 + (hue - 255) * strongest;
    });
    unpack(pixels[cell]!).forEach((got, channel) =>
      expect(Math.abs(got - want[channel]!)).toBeLessThanOrEqual(1),
    );
  }
});

test("the signed overview shows the value of largest magnitude with its sign", () => {
  const palette = PALETTES.light;
  const blend = new Blend(1, 2, [-1, 1], 1);
  blend.add(0, full([50, 180], 2, 0.01, 100), null, [0, 0, 0]);
  blend.add(1, full([120, 110], 2, 0.01, 100), null, [0, 0, 0]);
  const table = lookUp(palette);
  expect([...blend.raster(palette, () => 2).pixels]).toEqual([
    table[STEPS - STEPS / 2],
    table[STEPS + Math.round(0.8 * STEPS)],
  ]);
});

test.each([1, 3])(
  "a cell's podium of %i holds its largest magnitudes, strongest first, whatever order they come in",
  (places) => {
    const random = [0.3, -0.7, 0.1, 0, 0.7, -0.2, 0.9, 0.4];
    const podium = new Podium(2, places);
    random.forEach((value, head) => podium.offer(1, head, value));
    const want = random
      .map((value, head) => ({ head, value }))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
      .slice(0, places);
    expect(podium.at(1).map(({ head }) => head)).toEqual(want.map(({ head }) => head)); // 0.7 came after -0.7
    podium.at(1).forEach(({ value }, i) => expect(value).toBeCloseTo(want[i]!.value, 6));
    expect(podium.at(0)).toEqual([]);
    expect(podium.best(0)).toBeNaN();
    podium.offer(0, 5, 0);
    expect(podium.at(0)).toEqual([{ head: 5, value: 0 }]);
  },
);

test("a preview's weights are the largest of each block, without those that are unknown", () => {
  expect([...poolWeights(Float32Array.from([0.5, 0.25, NaN, 1, NaN, NaN, 0.75]), 2)]).toEqual([
    0.5,
    1,
    NaN,
    0.75,
  ]);
});

test("a source whose weight is unknown has no value, in a head's picture and in the overview", () => {
  const palette = PALETTES.light;
  const weights = Float32Array.from([NaN, 1]);
  const picture = paint(full([100, 0], 2, 0.01), weights, lookUp(palette), [0, 1], palette, () => 1);
  expect([...picture.pixels]).toEqual([pack(palette.missing), pack(palette.zero)]);
  const blend = new Blend(1, 2, [0, 1], 1);
  blend.add(0, full([100, 0], 2, 0.01), weights, [0, 0, 0]);
  expect(blend.podium.at(0)).toEqual([]);
  expect([...blend.raster(palette, () => 1).pixels]).toEqual([pack(palette.missing), pack(palette.zero)]);
});

test("cells are whole pixels where they fit and share the space where they do not", () => {
  expect([
    cellSize(12, 360),
    cellSize(500, 360),
    cellSizeWithin(7, 700, 44),
    cellSizeWithin(300, 700, 44),
  ]).toEqual([30, 0.72, 44, 2]);
  expect(labelStep(4, 13)).toBe(4);
});

test("an overview has one pixel per cell where that fits; thumbnails are smaller where they are many, or above", () => {
  expect([5, 500, 2000].map(overviewTarget)).toEqual([360, 500, 560]);
  expect([12, 24, 144].map((heads) => thumbnailTarget(heads))).toEqual([96, 72, 46]);
  expect([12, 24, 144].map((heads) => thumbnailTarget(heads, true))).toEqual([72, 72, 34]);
});
