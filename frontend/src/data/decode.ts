/** Decodes chunks: base64, inflate, byte planes, codes. The inverse of Python's `_wire/fixed_point.py`. */
import type { Tensor } from "../props";

export type Codes = Uint8Array | Uint16Array | Uint32Array;

const BYTES = { uint8: 1, uint16: 2, uint24: 3 };

/** The codes of one chunk of a tensor. */
export async function decodeChunk(tensor: Tensor, chunk: number): Promise<Codes> {
  const source = tensor.chunks[chunk];
  if (source === undefined) throw new RangeError(`chunk ${chunk} of ${tensor.chunks.length}`);
  const bytes = await inflate(fromBase64(typeof source === "string" ? source : await source.text()));
  const codes = joinPlanes(bytes, BYTES[tensor.dtype]);
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

/**
 * Reads the stream piece by piece. A Response would wait for tasks of its own, and while a page is arriving, the browser parses more of it
 * before each task.
 */
async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new DecompressionStream("deflate");
  const writer = stream.writable.getWriter();
  // The reading side throws the same errors, and is awaited.
  writer.write(bytes as Uint8Array<ArrayBuffer>).catch(() => undefined);
  writer.close().catch(() => undefined);
  const reader = stream.readable.getReader();
  const pieces: Uint8Array[] = [];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(pieces);
    pieces.push(value);
  }
}

function joined(pieces: Uint8Array[]): Uint8Array {
  const [first, ...more] = pieces;
  if (first && more.length === 0) return first;
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
