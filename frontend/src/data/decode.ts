/** Decodes chunks: base64, inflate, byte planes, codes. The inverse of Python's `_wire/fixed_point.py`. */
import type { Chunk, Tensor } from "../props";
import { inflate } from "./inflate";

export type Codes = Uint8Array | Uint16Array | Uint32Array;

/** Bytes of a code. */
export const BYTES = { uint8: 1, uint16: 2, uint24: 3 };

/** The codes of one chunk of a tensor. */
export async function decodeChunk(tensor: Tensor, chunk: number, signal?: AbortSignal): Promise<Codes> {
  const source = tensor.chunks[chunk];
  if (source === undefined) throw new RangeError(`chunk ${chunk} of ${tensor.chunks.length}`);
  const bytes = await (typeof source === "string" ? inflate(fromBase64(source)) : source.bytes(signal));
  const codes = joinPlanes(bytes, BYTES[tensor.dtype]);
  const expected = chunkLength(tensor);
  if (codes.length !== expected)
    throw new Error(`chunk ${chunk} holds ${codes.length} codes, not ${expected}`);
  return codes;
}

/** Whether the chunks of a tensor cost a request each. */
export function isFar(tensor: Tensor): boolean {
  return tensor.chunks.some((chunk: Chunk) => typeof chunk !== "string" && chunk.far);
}

/** Number of codes in one chunk. */
export function chunkLength(tensor: Tensor): number {
  const [first = 0, ...rest] = tensor.shape;
  const whole = tensor.chunks.length === 1 ? first : 1;
  const [rows = 1, cols = 1] = rest;
  return whole * (tensor.layout === "causal" ? triangleLength(rows, cols) : rows * cols);
}

/** Number of cells on and below the shifted diagonal: of row q the columns 0 .. q + (cols - rows). */
export function triangleLength(rows: number, cols: number): number {
  return rows * (cols - rows + 1) + (rows * (rows - 1)) / 2;
}

/** Codes of `width` bytes from their byte planes; the first plane has the highest byte of every code. */
export function joinPlanes(bytes: Uint8Array, width: number): Codes {
  if (width === 1) return bytes;
  const n = Math.floor(bytes.length / width);
  const codes = width === 2 ? new Uint16Array(n) : new Uint32Array(n);
  if (width === 2) {
    for (let i = 0; i < n; i++) codes[i] = ((bytes[i] as number) << 8) | (bytes[n + i] as number); // one pass, because most data has this width
    return codes;
  }
  for (let plane = 0; plane < width; plane++) {
    const from = plane * n;
    const shift = 8 * (width - 1 - plane);
    for (let i = 0; i < n; i++) codes[i] = (codes[i] as number) | ((bytes[from + i] as number) << shift);
  }
  return codes;
}

interface FromBase64 {
  fromBase64?: (text: string) => Uint8Array;
}

/** By the browser's own function if it has one, which is ten times faster than atob. */
export function fromBase64(text: string): Uint8Array {
  const native = (Uint8Array as unknown as FromBase64).fromBase64;
  if (native) return native.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
