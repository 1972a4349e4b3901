/** From a value to its color: the range, the transform, and a look-up table of packed pixels; ticks and gradient of the legend. */
import { formatTick } from "../text/number";
import type { Rgb } from "./color";
import { css, pack, unpack } from "./color";
import type { Palette } from "./palette";
import type { Transform, TransformName } from "./transform";
import { TRANSFORMS } from "./transform";

/** Lowest and highest value: low <= 0 < high. The scale's end is the larger magnitude of both, for either sign. */
export type Range = readonly [number, number];

/** Which values have a color; the others look like zero. */
export type Signs = "both" | "positive" | "negative";

export interface ScaleOptions {
  transform?: TransformName;
  signs?: Signs;
  /** The color of the end, instead of the palette's. Then negative values have no color. */
  hue?: Rgb | undefined;
}

/** A label of the legend. */
export interface Tick {
  value: number;
  /** Place along the bar: 0 is its left end, 1 its right one. */
  place: number;
  text: string;
}

/** What a picture and its legend ask of a scale. */
export interface ValueColors {
  readonly palette: Palette;
  /** Packed color of a value; of NaN the color of missing values. */
  pixel(value: number): number;
  /** CSS colors at evenly spaced places along the legend's bar. */
  gradient(count: number): string[];
  /** Labels of the legend, from left to right, with no digit that is smaller than the error bound. */
  ticks(errorBound?: number): Tick[];
}

export class ColorScale implements ValueColors {
  /** Magnitude that has the full color; so do larger ones. */
  readonly end: number;
  readonly signed: boolean;
  /** Packed pixels of evenly spaced values from -end to end. Not to be written to. */
  readonly table: Uint32Array;
  /** Index of zero in the table. */
  readonly zeroIndex: number;
  /** Entries of the table per unit of value. */
  readonly perUnit: number;
  private readonly transform: Transform;

  constructor(
    range: Range,
    readonly palette: Palette,
    { transform = "linear", signs = "both", hue }: ScaleOptions = {},
  ) {
    this.transform = TRANSFORMS[transform];
    this.end = Math.max(range[1], -range[0]);
    this.signed = range[0] < 0;
    this.table = hue
      ? makeTable(this.transform, palette.zero, [palette.zero, hue], null)
      : signTable(palette, transform, signs);
    this.zeroIndex = this.transform.steps;
    this.perUnit = this.transform.steps / this.end;
  }

  /** Packed color of a value; of NaN the color of missing values. */
  pixel(value: number): number {
    if (Number.isNaN(value)) return pack(this.palette.missing);
    return this.table[tableIndex(value * this.perUnit, this.zeroIndex)] as number;
  }

  /** A magnitude as a share of the end, in [0, 1]: the length of a bar. */
  share(value: number): number {
    return Math.min(Math.abs(value) / this.end, 1);
  }

  /** How strong a value's color is, in [0, 1]. */
  strength(value: number): number {
    return this.transform.strength(this.share(value));
  }

  /** The magnitude whose color is that strong. */
  magnitude(strength: number): number {
    return this.transform.share(strength) * this.end;
  }

  /** CSS colors at evenly spaced places along the legend's bar. */
  gradient(count: number): string[] {
    const low = this.signed ? -1 : 0;
    return Array.from({ length: count }, (_, i) => {
      const t = low + ((1 - low) * i) / (count - 1);
      return css(unpack(this.pixel(Math.sign(t) * this.magnitude(Math.abs(t)))));
    });
  }

  /** Labels of the ends, of zero, and of what the transform adds between them, from left to right. */
  ticks(errorBound = 0): Tick[] {
    const inner = this.transform.ticks;
    const positive = [...(this.signed ? inner.slice(-1) : inner), 1];
    const negative = this.signed ? positive.map((share) => -share).reverse() : [];
    return [...negative, 0, ...positive].map((share) => {
      const strength = Math.sign(share) * this.transform.strength(Math.abs(share));
      const value = share * this.end;
      const place = this.signed ? (1 + strength) / 2 : strength;
      return { value, place, text: formatTick(value, errorBound) };
    });
  }
}

/** Index into a table for a number of its entries from zero: rounded, and clamped to both ends. */
export function tableIndex(entries: number, zeroIndex: number): number {
  const index = Math.round(entries) + zeroIndex;
  return index < 0 ? 0 : index > 2 * zeroIndex ? 2 * zeroIndex : index;
}

/** Tables of the palettes' own colors: every picture needs one. */
const TABLES = new WeakMap<Palette, Map<string, Uint32Array>>();

function signTable(palette: Palette, transform: TransformName, signs: Signs): Uint32Array {
  let tables = TABLES.get(palette);
  if (!tables) TABLES.set(palette, (tables = new Map()));
  const key = `${transform} ${signs}`;
  let table = tables.get(key);
  if (!table) {
    const positive = signs === "negative" ? null : palette.positive;
    const negative = signs === "positive" ? null : palette.negative;
    table = makeTable(TRANSFORMS[transform], palette.zero, positive, negative);
    tables.set(key, table);
  }
  return table;
}

/** A table of both sides' colors; a side without stops has the color of zero. */
function makeTable(
  transform: Transform,
  zero: Rgb,
  positive: readonly Rgb[] | null,
  negative: readonly Rgb[] | null,
): Uint32Array {
  const table = new Uint32Array(2 * transform.steps + 1).fill(pack(zero));
  if (positive) fillSide(table, transform, 1, positive);
  if (negative) fillSide(table, transform, -1, negative);
  return table;
}

/** Writes `pack(ramp(stops, strength))` for each entry of a side, without allocating an array for each color. */
function fillSide(table: Uint32Array, transform: Transform, side: 1 | -1, stops: readonly Rgb[]): void {
  const { steps } = transform;
  for (let i = 0; i <= steps; i++) {
    const x = transform.strength(i / steps) * (stops.length - 1);
    const index = Math.min(Math.floor(x), stops.length - 2);
    const [from, to] = [stops[index] as Rgb, stops[index + 1] as Rgb];
    const t = x - index;
    const r = Math.round(from[0] + (to[0] - from[0]) * t);
    const g = Math.round(from[1] + (to[1] - from[1]) * t);
    const b = Math.round(from[2] + (to[2] - from[2]) * t);
    table[steps + side * i] = (255 << 24) | (b << 16) | (g << 8) | r;
  }
}
