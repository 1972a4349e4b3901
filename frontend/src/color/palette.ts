/** The colors of values. A new palette is one more entry of `PALETTES`; its tests run over all of them. */
import type { Rgb } from "./color";
import { hex, oklch, ramp } from "./color";

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
  /** OKLCH lightness and chroma of the heads' hues. */
  hue: { lightness: number; chroma: number };
}

export const PALETTES = {
  "blue-red": {
    light: {
      zero: hex("#ffffff"),
      positive: [hex("#ffffff"), hex("#a6cbe8"), hex("#3a82c4"), hex("#0a3f86")],
      negative: [hex("#ffffff"), hex("#f6b9a4"), hex("#d14a3a"), hex("#7d0b17")],
      masked: hex("#e3e4e6"),
      missing: hex("#a9aeb8"),
      hue: { lightness: 0.58, chroma: 0.16 },
    },
    dark: {
      zero: hex("#1c1f25"),
      positive: [hex("#1c1f25"), hex("#1f4c7d"), hex("#3f93e0"), hex("#cbe6ff")],
      negative: [hex("#1c1f25"), hex("#762c27"), hex("#e0604f"), hex("#ffdcd2")],
      masked: hex("#0c0d10"),
      missing: hex("#5b616c"),
      hue: { lightness: 0.74, chroma: 0.14 },
    },
  },
} satisfies Record<string, Record<ThemeName, Palette>>;

export type PaletteName = keyof typeof PALETTES;

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
