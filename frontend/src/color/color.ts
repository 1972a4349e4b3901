/** Colours as numbers: OKLCH hues, ramps, look-up tables of packed pixels. */

export type Rgb = readonly [number, number, number];
export type ThemeName = "light" | "dark";

export interface Palette {
  /** The colour of zero: never coloured, whatever the scale. */
  zero: Rgb;
  /** From zero to the largest positive value. */
  positive: readonly Rgb[];
  /** From zero to the largest negative value. Red against blue: told apart by all kinds of colour vision. */
  negative: readonly Rgb[];
  /** Cells that cannot have a value. */
  masked: Rgb;
  /** Cells that could, but have none (NaN). */
  missing: Rgb;
  /** OKLCH lightness and chroma of the heads' hues. */
  hue: { lightness: number; chroma: number };
}

export const PALETTES: Record<ThemeName, Palette> = {
  light: {
    zero: [255, 255, 255],
    positive: [hex("#ffffff"), hex("#a6cbe8"), hex("#3a82c4"), hex("#0a3f86")],
    negative: [hex("#ffffff"), hex("#f6b9a4"), hex("#d14a3a"), hex("#7d0b17")],
    masked: hex("#eceef1"),
    missing: hex("#a9aeb8"),
    hue: { lightness: 0.58, chroma: 0.16 },
  },
  dark: {
    zero: hex("#1c1f25"),
    positive: [hex("#1c1f25"), hex("#1f4c7d"), hex("#3f93e0"), hex("#cbe6ff")],
    negative: [hex("#1c1f25"), hex("#762c27"), hex("#e0604f"), hex("#ffdcd2")],
    masked: hex("#121418"),
    missing: hex("#5b616c"),
    hue: { lightness: 0.74, chroma: 0.14 },
  },
};

/** Steps of a table on each side of zero. */
export const STEPS = 512;

/**
 * Packed pixels from the lowest to the highest value: index STEPS is zero, 0 and 2 * STEPS are the ends. A table for one
 * head's hue has the positive side in that hue, and no other: such heads have no negative values. Not to be written to.
 */
export function lookUp(palette: Palette, hue?: Rgb): Uint32Array {
  const known = hue ? undefined : TABLES.get(palette.positive);
  if (known) return known;
  const table = new Uint32Array(2 * STEPS + 1).fill(pack(palette.zero));
  fill(table, 1, hue ? [palette.zero, hue] : palette.positive);
  if (!hue) {
    fill(table, -1, palette.negative);
    TABLES.set(palette.positive, table);
  }
  return table;
}

/** Tables of the palettes, by their positive side: they are asked for with every picture. */
const TABLES = new WeakMap<readonly Rgb[], Uint32Array>();

/** One side of a table: what `pack(ramp(stops, t))` gives, without an array for each of its colours. */
function fill(table: Uint32Array, side: 1 | -1, stops: readonly Rgb[]): void {
  const perStop = STEPS / (stops.length - 1);
  for (let i = 0; i <= STEPS; i++) {
    const at = Math.min(Math.floor(i / perStop), stops.length - 2);
    const [from, to] = [stops[at] as Rgb, stops[at + 1] as Rgb];
    const t = i / perStop - at;
    const r = Math.round(from[0] + (to[0] - from[0]) * t);
    const g = Math.round(from[1] + (to[1] - from[1]) * t);
    const b = Math.round(from[2] + (to[2] - from[2]) * t);
    table[STEPS + side * i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
}

/** The hue of head `index` of `count`, spread evenly over the circle. */
export function headHue(palette: Palette, index: number, count: number): Rgb {
  return oklch(palette.hue.lightness, palette.hue.chroma, (360 * index) / Math.max(count, 1) + 20);
}

/** Piecewise linear between evenly spaced stops, t in [0, 1]. */
export function ramp(stops: readonly Rgb[], t: number): Rgb {
  const x = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const i = Math.min(Math.floor(x), stops.length - 2);
  return mix(stops[i] as Rgb, stops[i + 1] as Rgb, x - i);
}

export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** Opaque pixel in the byte order of ImageData on little-endian machines (all that run browsers). */
export function pack(color: Rgb): number {
  const [r, g, b] = color.map(Math.round) as [number, number, number];
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

export function unpack(pixel: number): Rgb {
  return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
}

export function css(color: Rgb): string {
  return `rgb(${color.map(Math.round).join(" ")})`;
}

/** Black or white, whichever is easier to read on the colour (WCAG relative luminance). */
export function textOn(color: Rgb): string {
  const [r, g, b] = color.map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 ? "#000" : "#fff";
}

/** sRGB of an OKLCH colour, clipped. Source: B. Ottosson, "A perceptual color space for image processing". */
export function oklch(lightness: number, chroma: number, degrees: number): Rgb {
  const a = chroma * Math.cos((degrees * Math.PI) / 180);
  const b = chroma * Math.sin((degrees * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function gamma(linear: number): number {
  const x = Math.min(Math.max(linear, 0), 1);
  return 255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);
}

function hex(text: string): Rgb {
  const n = parseInt(text.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}
