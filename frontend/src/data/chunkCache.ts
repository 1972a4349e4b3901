/** Decoded tensors of one chunk, up to a number of codes. If there are more, the least recently used ones are dropped. */
import type { Tensor } from "../props";
import type { Codes } from "./decode";
import { decodeChunk } from "./decode";

/** 64 MB of 16-bit codes. */
const CAPACITY = 32e6;

export class ChunkCache {
  /** Least recently used first. */
  private readonly decoded = new Map<Tensor, Codes>();
  private readonly decoding = new Map<Tensor, Promise<Codes>>();
  private held = 0;

  constructor(private readonly capacity = CAPACITY) {}

  /** The codes if they are decoded. */
  peek(tensor: Tensor): Codes | undefined {
    const codes = this.decoded.get(tensor);
    if (codes) {
      this.decoded.delete(tensor);
      this.decoded.set(tensor, codes);
    }
    return codes;
  }

  /** The codes, decoded if they are not yet, and kept. */
  load(tensor: Tensor): Promise<Codes> {
    const codes = this.peek(tensor);
    if (codes) return Promise.resolve(codes);
    let decoding = this.decoding.get(tensor);
    if (!decoding) {
      decoding = decodeChunk(tensor, 0)
        .then((fresh) => this.keep(tensor, fresh))
        .finally(() => this.decoding.delete(tensor));
      this.decoding.set(tensor, decoding);
    }
    return decoding;
  }

  private keep(tensor: Tensor, codes: Codes): Codes {
    this.decoded.set(tensor, codes);
    this.held += codes.length;
    for (const [other, { length }] of this.decoded) {
      if (this.held <= this.capacity || other === tensor) break;
      this.decoded.delete(other);
      this.held -= length;
    }
    return codes;
  }
}

/** The values of codes `from` to `to` (exclusive), NaN where there is none. `scale` is the value of one step. */
export function valuesOf(
  tensor: Tensor,
  codes: Codes,
  from: number,
  to: number,
  scale: number,
): Float64Array {
  const values = new Float64Array(to - from);
  for (let i = 0; i < values.length; i++) {
    const code = codes[from + i] as number;
    values[i] = code === tensor.missing ? NaN : (code - tensor.zero) * scale;
  }
  return values;
}
