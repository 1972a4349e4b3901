/** The colors of ranks, counted from 1 for the likeliest token: evenly per factor of ten, strongest at one end, neutral at the other. */
import { css, pack, unpack } from "./color";
import type { Palette } from "./palette";
import type { Tick, ValueColors } from "./scale";
import { ColorScale } from "./scale";

/** Ranks beyond this look alike. */
const MOST = 1000;

/** Which ranks have the strongest color: the first one, in the color of positive values, or the last ones, in that of negative values. */
export type StrongRanks = "first" | "last";

export class RankScale implements ValueColors {
  private readonly end: number;
  private readonly colors: ColorScale;

  constructor(
    vocabulary: number,
    readonly palette: Palette,
    private readonly strong: StrongRanks,
  ) {
    this.end = Math.max(Math.min(vocabulary, MOST), 2);
    this.colors = new ColorScale(strong === "first" ? [0, 1] : [-1, 1], palette);
  }

  pixel(rank: number): number {
    return Number.isNaN(rank) ? pack(this.palette.missing) : this.pixelAt(this.place(rank));
  }

  gradient(count: number): string[] {
    return Array.from({ length: count }, (_, i) => css(unpack(this.pixelAt(i / (count - 1)))));
  }

  ticks(): Tick[] {
    const ranks = [1, 10, 100].filter((rank) => rank < this.end);
    return [...ranks, this.end].map((value) => ({ value, place: this.place(value), text: String(value) }));
  }

  /** @param place 0 for the first rank, 1 for the last ones */
  private pixelAt(place: number): number {
    return this.colors.pixel(this.strong === "first" ? 1 - place : -place);
  }

  private place(rank: number): number {
    return Math.min(Math.log(Math.max(rank, 1)) / Math.log(this.end), 1);
  }
}
