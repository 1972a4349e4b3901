/** One head's values [dest, src]. They are kept as codes, and a value is computed when its cell is read. */
import type { Tensor } from "../props";
import type { Codes } from "./decode";
import { triangleLength } from "./decode";

export class Matrix {
  /** Columns by which the causal diagonal is shifted right: src - dest. */
  readonly shift: number;

  constructor(
    readonly codes: Codes | Float64Array,
    readonly rows: number,
    readonly cols: number,
    readonly causal: boolean,
    readonly scale: number,
    readonly zero: number,
    readonly missing: number,
  ) {
    this.shift = cols - rows;
  }

  /** Whether the cell is above the causal diagonal: no value by construction. */
  masked(dest: number, src: number): boolean {
    return this.causal && src > dest + this.shift;
  }

  /** Index of a row's first code. */
  rowStart(dest: number): number {
    return this.causal ? triangleLength(dest, dest + this.shift) : dest * this.cols;
  }

  /** Number of codes in a row. */
  rowLength(dest: number): number {
    return this.causal ? dest + this.shift + 1 : this.cols;
  }

  /** The value, NaN where there is none. */
  at(dest: number, src: number): number {
    if (this.masked(dest, src)) return NaN;
    const code = this.codes[this.rowStart(dest) + src] as number;
    return code === this.missing ? NaN : (code - this.zero) * this.scale;
  }
}

/** A matrix of plain values, NaN where there is none. */
export function plainMatrix(values: Float64Array, rows: number, cols: number): Matrix {
  // NaN equals nothing, not even itself, so it cannot be the code of "no value"
  return new Matrix(
    values.map((value) => (Number.isNaN(value) ? Infinity : value)),
    rows,
    cols,
    false,
    1,
    0,
    Infinity,
  );
}

/** The matrix at `index` of a stack, given the codes of its chunk (which may be the whole stack). */
export function matrixOf(tensor: Tensor, index: number, codes: Codes): Matrix {
  const [heads = 0, rows = 0, cols = 0] = tensor.shape;
  const causal = tensor.layout === "causal";
  const size = causal ? triangleLength(rows, cols) : rows * cols;
  const ofAllHeads = tensor.chunks.length === 1 && heads > 1;
  return new Matrix(
    ofAllHeads ? codes.subarray(index * size, (index + 1) * size) : codes,
    rows,
    cols,
    causal,
    tensor.scales[index] as number,
    tensor.zero,
    tensor.missing ?? -1,
  );
}
