import { describe, expect, test } from "vitest";
import { oklabDistance } from "./oklab";
import type { Rgb } from "./color";
import { luminance, pack, ramp, textOn, unpack } from "./color";
import type { Palette } from "./palette";
import { headHue, PALETTES, signColor } from "./palette";
import { ColorScale } from "./scale";

/** The smallest OKLab distance that people notice between colors side by side. Source: CSS Color 4, section 13. */
const NOTICEABLE = 0.02;

const all = Object.entries(PALETTES).flatMap(([name, themes]) =>
  Object.entries(themes).map(([theme, palette]): [string, Palette] => [`${name}, ${theme}`, palette]),
);

/** Every color of the scales that a figure of 12 heads may use. */
function scaleColors(palette: Palette): Rgb[] {
  const hues = Array.from({ length: 12 }, (_, i) => headHue(palette, i, 12));
  const scales = [undefined, ...hues].map((hue) => new ColorScale([-1, 1], palette, { hue }));
  return scales.flatMap(({ table }) => Array.from(table, unpack));
}

describe.each(all)("the palette %s", (_, palette) => {
  test("is further in lightness from zero's color the further a value is from zero, on both sides", () => {
    const zero = luminance(palette.zero);
    for (const stops of [palette.positive, palette.negative])
      for (let t = 1 / 16; t <= 1; t += 1 / 16) {
        const [before, after] = [ramp(stops, t - 1 / 16), ramp(stops, t)].map(luminance);
        expect(Math.abs(after! - zero)).toBeGreaterThan(Math.abs(before! - zero));
      }
  });

  test("is blue for positive and red for negative values", () => {
    const [[r, , b], [s, , c]] = [signColor(palette, 1), signColor(palette, -1)];
    expect(b).toBeGreaterThan(r);
    expect(s).toBeGreaterThan(c);
  });

  test("has masked, missing and hidden cells that are plainly different from zero and from each other", () => {
    const { zero, masked, missing, hidden } = palette;
    for (const [a, b] of [
      [zero, masked],
      [zero, missing],
      [masked, missing],
      [zero, hidden],
      [masked, hidden],
      [missing, hidden],
    ] as const)
      expect(oklabDistance(a, b)).toBeGreaterThan(3 * NOTICEABLE);
  });

  test("has masked, missing and hidden cells that look like no value", () => {
    for (const color of scaleColors(palette))
      for (const absent of [palette.masked, palette.missing, palette.hidden])
        expect(oklabDistance(absent, color)).toBeGreaterThan(NOTICEABLE);
  });

  test("gives twelve heads twelve hues", () => {
    expect(new Set(Array.from({ length: 12 }, (_, i) => pack(headHue(palette, i, 12)))).size).toBe(12);
  });
});

test("text on a color is the one of black and white that is easier to read", () => {
  expect([textOn([255, 255, 255]), textOn([0, 0, 0]), textOn([10, 63, 134])]).toEqual([
    "#000",
    "#fff",
    "#fff",
  ]);
});
