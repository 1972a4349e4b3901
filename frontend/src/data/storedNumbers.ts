/** The numbers of a Zarr array as the byte planes that `decode.ts` reads. The inverse of Python's `_store/head_arrays.py`. */
import type { Tensor } from "../props";
import { BYTES, triangleLength } from "./decode";

/** What a chunk's numbers are, by the name of their type in Zarr. */
const TYPES = {
  uint8: { size: 1, kind: "unsigned" },
  uint16: { size: 2, kind: "unsigned" },
  uint32: { size: 4, kind: "unsigned" },
  int8: { size: 1, kind: "signed" },
  int16: { size: 2, kind: "signed" },
  int32: { size: 4, kind: "signed" },
  float32: { size: 4, kind: "float" },
  float64: { size: 8, kind: "float" },
} as const;

export type StoredType = keyof typeof TYPES;

/**
 * The codes of a head as byte planes, all high bytes first, of the cells that the tensor's layout keeps.
 * @param bytes of all cells: all lowest bytes, then all next bytes, and so on
 * @param chunk of the tensor
 */
export function planesOf(bytes: Uint8Array, type: StoredType, tensor: Tensor, chunk: number): Uint8Array {
  const [rows = 0, cols = 0] = tensor.shape.slice(-2);
  const { size, kind } = TYPES[type];
  const cells = rows * cols;
  if (bytes.length !== cells * size)
    throw new Error(`${bytes.length} bytes for ${cells} numbers of type ${type}`);
  const causal = tensor.layout === "causal";
  const kept = causal ? triangleLength(rows, cols) : cells;
  const width = BYTES[tensor.dtype];
  const planes = new Uint8Array(kept * width);
  const codes = kind === "float" ? ofFloats(bytes, size, tensor, chunk) : ofIntegers(bytes, size, tensor);
  for (let row = 0, at = 0; row < rows; row++) {
    const length = causal ? row + 1 + cols - rows : cols;
    const from = row * cols;
    if (kind === "unsigned")
      // The numbers are the codes, so that bytes are copied, most of a page's data ten times as fast.
      for (let byte = 0; byte < width; byte++) {
        const start = byte * cells + from;
        planes.set(bytes.subarray(start, start + length), (width - 1 - byte) * kept + at);
      }
    else
      for (let i = 0; i < length; i++) {
        let code = codes(from + i, row);
        if (code < 0) code = tensor.missing ?? 0;
        for (let plane = width - 1; plane >= 0; plane--, code >>= 8) planes[plane * kept + at + i] = code;
      }
    at += length;
  }
  return planes;
}

/** From the place of a cell in [row, column] to its code; below 0 if it has no value. */
type Codes = (cell: number, row: number) => number;

/** Signed integers are codes minus the zero of the tensor; that of no value is below all others. */
function ofIntegers(bytes: Uint8Array, size: number, { zero }: Tensor): Codes {
  const cells = bytes.length / size;
  const shift = 32 - 8 * size;
  return (cell) => {
    let number = 0;
    for (let byte = size - 1; byte >= 0; byte--)
      number = (number << 8) | (bytes[byte * cells + cell] as number);
    return ((number << shift) >> shift) + zero;
  };
}

/** Floats are values, at most a quarter of a step away from those of the codes. */
function ofFloats(bytes: Uint8Array, size: number, tensor: Tensor, chunk: number): Codes {
  const cells = bytes.length / size;
  const joined = new Uint8Array(bytes.length);
  for (let byte = 0; byte < size; byte++)
    for (let cell = 0; cell < cells; cell++)
      joined[cell * size + byte] = bytes[byte * cells + cell] as number;
  const values = size === 4 ? new Float32Array(joined.buffer) : new Float64Array(joined.buffer);
  const perRow = tensor.shape.length === 2;
  return (cell, row) => {
    const value = values[cell] as number;
    const scale = tensor.scales[perRow ? row : chunk] as number;
    if (Number.isNaN(value)) return -1;
    return scale === 0 ? tensor.zero : Math.round(value / scale) + tensor.zero;
  };
}
