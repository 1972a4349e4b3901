/** The colors of ranks: neutral for the likeliest token, stronger for others, evenly per factor of ten. */
import { css, pack, unpack } from "../../color/color";
import type { Palette } from "../../color/palette";
import type { Tick, ValueColors } from "../../color/scale";
import { ColorScale } from "../../color/scale";

/** Ranks, from 1, beyond this have the strongest color. */
const MOST = 1000;

export class RankScale implements ValueColors {
  private readonly end: number;
  private readonly colors: ColorScale;

  constructor(
    vocabulary: number,
    readonly palette: Palette,
  ) {
    this.end = Math.max(Math.min(vocabulary, MOST), 2);
    this.colors = new ColorScale([-1, 1], palette);
  }

  pixel(rank: number): number {
    if (Number.isNaN(rank)) return pack(this.palette.missing);
    return this.colors.pixel(rank > 1 ? -this.place(rank) : 0);
  }

  gradient(count: number): string[] {
    return Array.from({ length: count }, (_, i) => css(unpack(this.colors.pixel(-i / (count - 1)))));
  }

  ticks(): Tick[] {
    const ranks = [1, 10, 100].filter((rank) => rank < this.end);
    return [...ranks, this.end].map((value) => ({ value, place: this.place(value), text: String(value) }));
  }

  private place(rank: number): number {
    return Math.min(Math.log(rank) / Math.log(this.end), 1);
  }
}
