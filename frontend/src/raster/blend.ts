/**
 * The overview: many heads in one picture, added one by one.
 * Unsigned: a cell is as strong as its strongest head; its color mixes the heads' hues by the square of their values, so
 * that a dominant head shows its own hue. Signed: the value of largest magnitude over the heads.
 */
import type { Rgb } from "../color/color";
import { pack } from "../color/color";
import type { ColorScale } from "../color/scale";
import type { Matrix } from "../data/matrix";
import type { Weights } from "../data/weights";
import type { Raster } from "./paint";
import { TopHeads } from "./topHeads";

export class Blend {
  readonly topHeads: TopHeads;
  /** Of each cell: the sum of the heads' hues (three numbers), each times its share, and the sum of shares. Empty for signed values. */
  private readonly hueSums: Float32Array;

  /** @param headsPerCell how many of the strongest heads of each cell are remembered */
  constructor(
    private readonly rows: number,
    private readonly cols: number,
    private readonly scale: ColorScale,
    headsPerCell: number,
  ) {
    this.topHeads = new TopHeads(rows * cols, headsPerCell);
    this.hueSums = new Float32Array(scale.signed ? 0 : 4 * rows * cols);
  }

  /** Adds a head of the same size. */
  add(head: number, matrix: Matrix, weights: Weights | null, hue: Rgb): void {
    const { codes, zero, missing, scale } = matrix;
    const { topHeads, hueSums, cols } = this;
    const { thresholds } = topHeads;
    const { signed } = this.scale;
    const [red, green, blue] = hue;
    // Squares of very large or small values would overflow or vanish in float32.
    const perEnd = 1 / this.scale.end;
    for (let row = 0; row < this.rows; row++) {
      const length = matrix.rowLength(row);
      const from = matrix.rowStart(row);
      for (let col = 0; col < length; col++) {
        const code = codes[from + col] as number;
        if (code === missing) continue;
        const value = (code - zero) * (weights ? scale * (weights[col] as number) : scale);
        if (Number.isNaN(value)) continue; // the weight is unknown
        const cell = row * cols + col;
        // Few heads pass this test. A call for every head would double the time of the loop.
        if (!(Math.abs(value) <= (thresholds[cell] as number))) topHeads.offer(cell, head, value);
        if (signed || value === 0) continue;
        const share = (value * perEnd) ** 2;
        const i = 4 * cell;
        hueSums[i] = (hueSums[i] as number) + share * red;
        hueSums[i + 1] = (hueSums[i + 1] as number) + share * green;
        hueSums[i + 2] = (hueSums[i + 2] as number) + share * blue;
        hueSums[i + 3] = (hueSums[i + 3] as number) + share;
      }
    }
  }

  /**
   * The picture of all heads added so far.
   * @param lastColumn last column of a row that can have a value: without one it is missing there, and masked beyond
   * @param scale of the same range and palette; its transform may be another one
   */
  raster(lastColumn: (row: number) => number, scale = this.scale): Raster {
    const { rows, cols, topHeads } = this;
    const pixels = new Uint32Array(rows * cols);
    const masked = pack(scale.palette.masked);
    const missing = pack(scale.palette.missing);
    for (let row = 0; row < rows; row++) {
      const last = lastColumn(row);
      for (let col = 0; col < cols; col++) {
        const cell = row * cols + col;
        const value = topHeads.largest(cell);
        if (Number.isNaN(value)) pixels[cell] = col > last ? masked : missing;
        else pixels[cell] = scale.signed ? scale.pixel(value) : this.mixedHues(cell, scale.strength(value));
      }
    }
    return { width: cols, height: rows, pixels };
  }

  private mixedHues(cell: number, strength: number): number {
    const { zero } = this.scale.palette;
    const shares = this.hueSums[4 * cell + 3] as number;
    if (shares === 0) return pack(zero);
    const channel = (i: 0 | 1 | 2) =>
      Math.round(zero[i] + ((this.hueSums[4 * cell + i] as number) / shares - zero[i]) * strength);
    return ((255 << 24) | (channel(2) << 16) | (channel(1) << 8) | channel(0)) >>> 0;
  }
}
