/** The colors of values. A new palette is one more entry of Python's `_wire/palettes.py`; its tests run over all of them. */
import type { Rgb } from "./color";
import { hex, oklch, ramp } from "./color";
import { PALETTE_COLORS } from "./palettes";

export type ThemeName = "light" | "dark";

export interface Palette {
  /** The color of zero: neutral, and the same on every scale. */
  zero: Rgb;
  /** Evenly spaced stops from zero to the largest positive value. */
  positive: readonly Rgb[];
  /** The same to the largest negative value. Distinguishable from the positive side with any color vision. */
  negative: readonly Rgb[];
  /** Cells that have no value by construction. */
  masked: Rgb;
  /** Cells whose value is missing (NaN). */
  missing: Rgb;
  /** Cells whose value the reader has hidden. */
  hidden: Rgb;
  /** OKLCH lightness and chroma of the heads' hues. */
  hue: { lightness: number; chroma: number };
}

export type PaletteName = keyof typeof PALETTE_COLORS;

type Colors = (typeof PALETTE_COLORS)[PaletteName][ThemeName];

function paletteFrom({
  zero,
  positive,
  negative,
  masked,
  missing,
  hidden,
  hueLightness,
  hueChroma,
}: Colors): Palette {
  return {
    zero: hex(zero),
    positive: positive.map(hex),
    negative: negative.map(hex),
    masked: hex(masked),
    missing: hex(missing),
    hidden: hex(hidden),
    hue: { lightness: hueLightness, chroma: hueChroma },
  };
}

/** The colors of `palettes.ts`, which Python shares, as numbers. */
export const PALETTES = Object.fromEntries(
  Object.entries(PALETTE_COLORS).map(([name, { light, dark }]) => [
    name,
    { light: paletteFrom(light), dark: paletteFrom(dark) },
  ]),
) as Record<PaletteName, Record<ThemeName, Palette>>;

export function paletteOf(theme: ThemeName, name: PaletteName = "blue-red"): Palette {
  return PALETTES[name][theme];
}

/** The hue of head `index` of `count`, spread evenly over the circle. */
export function headHue(palette: Palette, index: number, count: number): Rgb {
  return oklch(palette.hue.lightness, palette.hue.chroma, (360 * index) / Math.max(count, 1) + 20);
}

/** Strength of a bar's or a line's color: strong enough to stand out, far enough from the end to keep its hue. */
const MARK = 2 / 3;

/** The color of a bar or line of that value's sign. */
export function signColor(palette: Palette, value: number): Rgb {
  return ramp(value < 0 ? palette.negative : palette.positive, MARK);
}
