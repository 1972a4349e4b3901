/** A color scale whose two sides have ends of their own, as readers may set them: values beyond an end have that end's color. */
import { formatTick } from "../text/number";
import { css, pack, unpack } from "./color";
import type { Palette } from "./palette";
import type { Range, Tick, ValueColors } from "./scale";
import { ColorScale } from "./scale";

export class SidedScale implements ValueColors {
  private readonly low: number;
  private readonly high: number;
  private readonly negative: ColorScale | null;
  private readonly positive: ColorScale | null;

  /** `range`: low <= 0 <= high, low < high. A side whose end is 0 has no colors: its values look like zero. */
  constructor(
    [low, high]: Range,
    readonly palette: Palette,
  ) {
    this.low = low;
    this.high = high;
    this.negative = low < 0 ? new ColorScale([low, -low], palette) : null;
    this.positive = high > 0 ? new ColorScale([0, high], palette) : null;
  }

  pixel(value: number): number {
    if (Number.isNaN(value)) return pack(this.palette.missing);
    return (value < 0 ? this.negative : this.positive)?.pixel(value) ?? pack(this.palette.zero);
  }

  gradient(count: number): string[] {
    return Array.from({ length: count }, (_, i) => css(unpack(this.pixel(this.valueAt(i / (count - 1))))));
  }

  ticks(errorBound = 0): Tick[] {
    const values = [...(this.negative ? [this.low] : []), 0, ...(this.positive ? [this.high] : [])];
    return values.map((value, i) => ({
      value,
      place: i / (values.length - 1),
      text: formatTick(value, errorBound),
    }));
  }

  /** The value at a place along the bar: each side takes half of it, or all if it is the only one. */
  private valueAt(place: number): number {
    if (!this.negative) return place * this.high;
    if (!this.positive) return (1 - place) * this.low;
    return place < 0.5 ? (1 - 2 * place) * this.low : (2 * place - 1) * this.high;
  }
}
