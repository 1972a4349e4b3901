import { describe, expect, test } from "vitest";
import { hex, luminance, pack, ramp, unpack } from "./color";
import { customPalette } from "./customPalette";
import { oklab, oklabDistance } from "./oklab";
import { paletteOf } from "./palette";
import { ColorScale } from "./scale";

const THEMES = ["light", "dark"] as const;
const PAIRS = [
  ["#ff0000", "#0000ff"],
  ["#ffa500", "#008000"],
  ["#000000", "#ffff00"],
  ["#808080", "#800080"],
  ["#00008b", "#add8e6"],
  [null, "#ff0000"],
  ["#0000ff", null],
  [null, "#d3d3d3"],
] as const;

const cases = THEMES.flatMap((theme) => PAIRS.map((pair) => [theme, ...pair] as const));

describe.each(cases)(
  "in the %s theme, with %s for negative and %s for positive values",
  (theme, negative, positive) => {
    const palette = customPalette(theme, { negative, positive });
    const base = paletteOf(theme);

    test("zero keeps its color, and both ends are plainly different from it and from each other", () => {
      expect(palette.zero).toEqual(base.zero);
      const ends = [ramp(palette.positive, 1), ramp(palette.negative, 1)] as const;
      for (const end of ends) expect(oklabDistance(end, palette.zero)).toBeGreaterThan(0.06);
      expect(oklabDistance(...ends)).toBeGreaterThan(0.06);
    });

    test("a color goes further from zero's in lightness the further a value is from zero", () => {
      const zero = luminance(palette.zero);
      for (const stops of [palette.positive, palette.negative])
        for (let t = 1 / 16; t <= 1; t += 1 / 16) {
          const [before, after] = [ramp(stops, t - 1 / 16), ramp(stops, t)].map(luminance);
          expect(Math.abs(after! - zero)).toBeGreaterThan(Math.abs(before! - zero));
        }
    });

    test("masked, missing and hidden cells look like no value", () => {
      const { masked, missing, hidden, zero } = palette;
      for (const [a, b] of [
        [masked, missing],
        [masked, zero],
        [missing, zero],
        [hidden, zero],
        [hidden, masked],
        [hidden, missing],
      ] as const)
        expect(oklabDistance(a, b)).toBeGreaterThan(0.06);
      for (const pixel of new ColorScale([-1, 1], palette).table)
        for (const absent of [masked, missing, hidden])
          expect(oklabDistance(absent, unpack(pixel))).toBeGreaterThan(0.02);
    });
  },
);

test("on a light page the ends are the colors as given", () => {
  const scale = new ColorScale([-2, 2], customPalette("light", { negative: "#ffa500", positive: "#008000" }));
  expect(scale.pixel(2)).toBe(pack(hex("#008000")));
  expect(scale.pixel(-2)).toBe(pack(hex("#ffa500")));
  expect(scale.pixel(1)).toBe(pack([128, 192, 128]));
});

test("on a dark page a color that is dark is lightened, and others are as given", () => {
  const { positive, negative } = customPalette("dark", { negative: "#000000", positive: "#ffa500" });
  expect(oklab(ramp(negative, 1))[0]).toBeGreaterThan(0.9);
  expect(ramp(positive, 1)).toEqual(hex("#ffa500"));
});

test("a side without a color has the theme's; red for positive values alone leaves blue for negative ones", () => {
  const base = paletteOf("light");
  expect(customPalette("light", { negative: null, positive: "#008000" }).negative).toBe(base.negative);
  expect(customPalette("light", { negative: "#800080", positive: null }).positive).toBe(base.positive);
  expect(customPalette("light", { negative: null, positive: "#ff0000" }).negative).toBe(base.positive);
  expect(customPalette("light", { negative: "#0000ff", positive: null }).positive).toBe(base.negative);
  expect(customPalette("light", { negative: null, positive: "#000000" }).negative).toBe(base.negative);
});

test("equal colors give one palette, whose tables are shared; no colors give the theme's own", () => {
  const colors = { negative: null, positive: "#ff0000" };
  expect(customPalette("dark", { ...colors })).toBe(customPalette("dark", colors));
  expect(customPalette("dark", null)).toBe(paletteOf("dark"));
});
