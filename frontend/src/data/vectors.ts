/** One vector per position (queries or keys of a head), read number by number without being unpacked. */
import type { Tensor } from "../props";
import type { Codes } from "./decode";
import { decodeChunk } from "./decode";

/** Error of a code in steps: half a step, and a little for the arithmetic before rounding (as in _encode.py). */
const ROUNDING = 0.51;

export class Vectors {
  constructor(
    readonly codes: Codes,
    /** Number of vectors. */
    readonly count: number,
    /** d_head. */
    readonly length: number,
    private readonly scales: number[],
    private readonly zero: number,
  ) {}

  at(position: number, dim: number): number {
    return ((this.codes[position * this.length + dim] as number) - this.zero) * this.scale(position);
  }

  /** Largest possible error of a number of that vector. */
  errorBound(position: number): number {
    return ROUNDING * this.scale(position);
  }

  /** A vector's numbers. */
  row(position: number): Float32Array {
    const from = position * this.length;
    const scale = this.scale(position);
    const out = new Float32Array(this.length);
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
  return new Vectors(await decodeChunk(tensor, 0), count, length, tensor.scales, tensor.zero);
}
