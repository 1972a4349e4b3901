/** The inverse of Python's _encode.py: base64 -> inflate -> byte planes -> codes. The only place that knows the format. */
import type { Tensor } from "../props";

export type Codes = Uint8Array | Uint16Array;

/** The codes of one chunk of a tensor. */
export async function decodeChunk(tensor: Tensor, chunk: number): Promise<Codes> {
  const text = tensor.chunks[chunk];
  if (text === undefined) throw new RangeError(`chunk ${chunk} of ${tensor.chunks.length}`);
  const bytes = await inflate(fromBase64(text));
  const codes = tensor.dtype === "uint8" ? bytes : joinPlanes(bytes);
  const expected = chunkLength(tensor);
  if (codes.length !== expected)
    throw new Error(`chunk ${chunk} holds ${codes.length} codes, not ${expected}`);
  return codes;
}

/** Number of codes in one chunk. */
export function chunkLength(tensor: Tensor): number {
  const [first = 0, ...rest] = tensor.shape;
  const whole = tensor.chunks.length === 1 ? first : 1;
  const [rows = 1, cols = 1] = rest;
  return whole * (tensor.layout === "causal" ? triangleLength(rows, cols) : rows * cols);
}

/** Cells that a causal mask leaves: of row q the columns 0 .. q + (cols - rows). */
export function triangleLength(rows: number, cols: number): number {
  return rows * (cols - rows + 1) + (rows * (rows - 1)) / 2;
}

/** The high bytes of all codes, then the low ones, as two-byte codes. */
export function joinPlanes(bytes: Uint8Array): Uint16Array {
  const n = bytes.length >> 1;
  const codes = new Uint16Array(n);
  for (let i = 0; i < n; i++) codes[i] = ((bytes[i] as number) << 8) | (bytes[n + i] as number);
  return codes;
}

interface FromBase64 {
  fromBase64?: (text: string) => Uint8Array;
}

/** Native where the browser has it (10 times faster), else by atob. */
export function fromBase64(text: string): Uint8Array {
  const native = (Uint8Array as unknown as FromBase64).fromBase64;
  if (native) return native.call(Uint8Array, text);
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  // Errors of the writing side also arrive on the reading side, where they are awaited.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => undefined);
  writer.close().catch(() => undefined);
  return new Uint8Array(await new Response(stream.readable).arrayBuffer());
}
