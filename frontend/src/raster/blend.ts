/**
 * The overview: many heads in one picture, added one by one.
 * Unsigned: a cell is as strong as its strongest head; its colour mixes the heads' hues by the square of their values, so
 * that a dominant head shows its own hue. Signed: the value of largest magnitude over the heads.
 */
import type { Matrix } from "../data/matrix";
import type { Weights } from "../data/source";
import type { Palette, Rgb } from "../color/color";
import { lookUp, pack } from "../color/color";
import type { Range, Raster } from "./paint";
import { stepsPerUnit, toIndex } from "./paint";
import { Podium } from "./topHeads";

export class Blend {
  readonly podium: Podium;
  private readonly mixed: Float32Array;

  /** @param places how many of the strongest heads of each cell are remembered */
  constructor(
    private readonly rows: number,
    private readonly cols: number,
    private readonly range: Range,
    places: number,
  ) {
    this.podium = new Podium(rows * cols, places);
    this.mixed = new Float32Array(range[0] < 0 ? 0 : 4 * rows * cols);
  }

  /** Adds a head of the same size. */
  add(head: number, matrix: Matrix, weights: Weights | null, hue: Rgb): void {
    const { codes, zero, missing, scale } = matrix;
    const { podium, mixed, cols } = this;
    const { bars } = podium;
    const signed = mixed.length === 0;
    const [red, green, blue] = hue;
    // in units of the scale's end: squares of very large or small values would not fit
    const unit = 1 / Math.max(this.range[1], -this.range[0]);
    for (let dest = 0; dest < this.rows; dest++) {
      const length = matrix.rowLength(dest);
      const from = matrix.rowStart(dest);
      for (let src = 0; src < length; src++) {
        const code = codes[from + src] as number;
        if (code === missing) continue;
        const value = (code - zero) * (weights ? scale * (weights[src] as number) : scale);
        if (Number.isNaN(value)) continue; // of a weight
        const cell = dest * cols + src;
        // most are not: a call for each would take as long as all the rest, most of all before it is compiled
        if (!(Math.abs(value) <= (bars[cell] as number))) podium.offer(cell, head, value);
        if (signed || value === 0) continue;
        const share = (value * unit) ** 2;
        const at = 4 * cell;
        mixed[at] = (mixed[at] as number) + share * red;
        mixed[at + 1] = (mixed[at + 1] as number) + share * green;
        mixed[at + 2] = (mixed[at + 2] as number) + share * blue;
        mixed[at + 3] = (mixed[at + 3] as number) + share;
      }
    }
  }

  /**
   * The picture of what was added so far.
   * @param last last column of a row in which a value may be missing; what has none beyond it is masked
   */
  raster(palette: Palette, last: (row: number) => number): Raster {
    const { rows, cols, podium, mixed } = this;
    const table = mixed.length === 0 ? lookUp(palette) : null;
    const pixels = new Uint32Array(rows * cols);
    const masked = pack(palette.masked);
    const missing = pack(palette.missing);
    const perUnit = stepsPerUnit(this.range);
    for (let row = 0; row < rows; row++) {
      const end = last(row);
      for (let col = 0; col < cols; col++) {
        const cell = row * cols + col;
        const value = podium.best(cell);
        if (Number.isNaN(value)) {
          pixels[cell] = col > end ? masked : missing;
        } else if (table) {
          pixels[cell] = table[toIndex(value * perUnit)] as number;
        } else {
          pixels[cell] = this.mixture(cell, Math.min(value / this.range[1], 1), palette.zero);
        }
      }
    }
    return { width: cols, height: rows, pixels };
  }

  private mixture(cell: number, strength: number, zero: Rgb): number {
    const share = this.mixed[4 * cell + 3] as number;
    if (share === 0) return pack(zero);
    const channel = (i: 0 | 1 | 2) =>
      Math.round(zero[i] + ((this.mixed[4 * cell + i] as number) / share - zero[i]) * strength);
    return ((255 << 24) | (channel(2) << 16) | (channel(1) << 8) | channel(0)) >>> 0;
  }
}
