/** One vector per row, for example the queries of a head by position. Numbers are computed from the codes when they are read. */
import type { Tensor } from "../props";
import type { Codes } from "./decode";
import { decodeChunk } from "./decode";

export class Vectors {
  constructor(
    readonly codes: Codes,
    /** Number of vectors. */
    readonly count: number,
    /** d_head. */
    readonly length: number,
    private readonly scales: number[],
    private readonly zero: number,
    private readonly errorSteps: number,
  ) {}

  at(position: number, dim: number): number {
    return ((this.codes[position * this.length + dim] as number) - this.zero) * this.scale(position);
  }

  /** Largest possible error of the vector's numbers. */
  errorBound(position: number): number {
    return this.errorSteps * this.scale(position);
  }

  /** No number of the vector has a larger magnitude. */
  largest(position: number): number {
    return this.zero * this.scale(position);
  }

  /** A vector's numbers, in 64 bits: rounding to 32 would add an error as large as that of 24-bit codes. */
  row(position: number): Float64Array {
    const from = position * this.length;
    const scale = this.scale(position);
    const out = new Float64Array(this.length);
    for (let dim = 0; dim < out.length; dim++) {
      out[dim] = ((this.codes[from + dim] as number) - this.zero) * scale;
    }
    return out;
  }

  private scale(position: number): number {
    return this.scales[position] as number;
  }
}

/** Decodes a tensor of shape (position, d_head). */
export async function loadVectors(tensor: Tensor): Promise<Vectors> {
  const [count = 0, length = 0] = tensor.shape;
  return new Vectors(
    await decodeChunk(tensor, 0),
    count,
    length,
    tensor.scales,
    tensor.zero,
    tensor.errorSteps,
  );
}
