/** The values of a text: every kind of every token, decoded at once. */
import { boundOf, largestOf } from "../../data/bounds";
import type { Codes } from "../../data/decode";
import { decodeChunk } from "../../data/decode";
import type { Tensor } from "../../props";
import { formatValue, readable } from "../../text/number";

export class TokenValues {
  private readonly kinds = new Map<number, Float64Array>();

  constructor(
    private readonly tensor: Tensor,
    private readonly codes: Codes,
  ) {}

  /** One value per token, NaN where there is none. */
  of(kind: number): Float64Array {
    let values = this.kinds.get(kind);
    if (!values) this.kinds.set(kind, (values = this.decode(kind)));
    return values;
  }

  /** A value with the digits that are certain. */
  text(kind: number, token: number): string {
    const bound = readable(boundOf(this.tensor, kind), largestOf(this.tensor, kind));
    return formatValue(this.of(kind)[token] ?? NaN, bound);
  }

  hasMissing(kind: number): boolean {
    return this.of(kind).some(Number.isNaN);
  }

  private decode(kind: number): Float64Array {
    const { shape, zero, missing, scales } = this.tensor;
    const n = shape[1] as number;
    const scale = scales[kind] as number;
    const values = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const code = this.codes[kind * n + i] as number;
      values[i] = code === missing ? NaN : (code - zero) * scale;
    }
    return values;
  }
}

/** Decodes a tensor of shape (kind, token). */
export async function loadTokenValues(tensor: Tensor): Promise<TokenValues> {
  return new TokenValues(tensor, await decodeChunk(tensor, 0));
}
