/** The palette of a theme with colors of the user's own. */
import type { CustomColors } from "../props";
import type { Rgb } from "./color";
import { hex, oklch, ramp } from "./color";
import { oklab, oklabDistance } from "./oklab";
import type { Palette, ThemeName } from "./palette";
import { paletteOf } from "./palette";

/** Degrees of hue within which two colors have the same name. */
const SAME_HUE = 50;

/** OKLCH chroma above which a color has a hue. */
const COLORED = 0.04;

/** Distances in OKLab that people notice side by side, and that nobody overlooks. Source: CSS Color 4, section 13. */
const NOTICEABLE = 0.02;
const PLAIN = 3 * NOTICEABLE;

/** OKLCH chroma of masked and missing cells where gray is the color of some value: the least that tells them apart. */
const TINTS = [0.015, 0.02, 0.03, 0.04, 0.05];

/** Equal palettes are one object: tables of color scales are kept by palette. */
const PALETTES = new Map<string, Palette>();

/** The palette of a theme, with the user's colors at the ends of both sides; without them the theme's own. */
export function customPalette(theme: ThemeName, colors: CustomColors | null): Palette {
  if (!colors) return paletteOf(theme);
  const key = `${theme} ${colors.negative} ${colors.positive}`;
  let palette = PALETTES.get(key);
  if (!palette) PALETTES.set(key, (palette = makePalette(paletteOf(theme), colors)));
  return palette;
}

function makePalette(base: Palette, colors: CustomColors): Palette {
  const { zero } = base;
  const stops = (color: string | null): Rgb[] | null =>
    color === null ? null : [zero, visible(hex(color), zero)];
  const given = { positive: stops(colors.positive), negative: stops(colors.negative) };
  const positive = given.positive ?? without(base.positive, base.negative, given.negative);
  const negative = given.negative ?? without(base.negative, base.positive, given.positive);
  const values = [positive, negative].flatMap((side) =>
    Array.from({ length: 257 }, (_, i) => ramp(side, i / 256)),
  );
  const masked = unlike(base.masked, values, [zero]);
  const missing = unlike(base.missing, values, [zero, masked]);
  const hidden = unlike(base.hidden, values, [zero, masked, missing]);
  return { ...base, positive, negative, masked, missing, hidden };
}

/** A color as it is, or lightened if it is dark and so is zero's color: its lightness is mirrored, black becomes white. */
function visible(color: Rgb, zero: Rgb): Rgb {
  const [lightness, a, b] = oklab(color);
  const darkTheme = oklab(zero)[0] < 0.5;
  if (!darkTheme || lightness >= 0.5) return color;
  return oklch(1 - lightness, Math.hypot(a, b), hueOf(color));
}

/** The theme's stops of a side, or those of the other side if these have the hue of the color that the user gave the other side. */
function without(own: readonly Rgb[], other: readonly Rgb[], given: Rgb[] | null): readonly Rgb[] {
  const color = given?.[1];
  if (!color) return own;
  const [, a, b] = oklab(color);
  const turn = Math.abs(hueOf(color) - hueOf(ramp(own, 2 / 3)));
  return Math.hypot(a, b) > COLORED && Math.min(turn, 360 - turn) < SAME_HUE ? other : own;
}

function hueOf(color: Rgb): number {
  const [, a, b] = oklab(color);
  return ((Math.atan2(b, a) * 180) / Math.PI + 360) % 360;
}

/** A gray, tinted if values have that gray: the first color that no value has, and that is plainly different from `others`. */
function unlike(gray: Rgb, values: Rgb[], others: Rgb[]): Rgb {
  const [lightness] = oklab(gray);
  const hues = Array.from({ length: 12 }, (_, i) => 30 * i);
  const tints = TINTS.flatMap((chroma) => hues.map((hue) => oklch(lightness, chroma, hue)));
  const free = [gray, ...tints].filter((color) =>
    others.every((other) => oklabDistance(color, other) > PLAIN),
  );
  return (
    free.find((color) => values.every((value) => oklabDistance(color, value) > 1.1 * NOTICEABLE)) ?? gray
  );
}
