import { expect, test } from "vitest";
import type { Tensor } from "../props";
import { joinPlanes } from "./decode";
import { planesOf } from "./storedNumbers";

const WIDTH = { uint8: 1, uint16: 2, uint24: 3 };

function tensorOf(parts: Partial<Tensor>): Tensor {
  return {
    dtype: "uint16",
    shape: [1, 2, 3],
    layout: "full",
    zero: 0,
    scales: [0.5],
    missing: 65535,
    errorSteps: 0.51,
    chunks: [],
    ...parts,
  };
}

/** All lowest bytes, then all next bytes, and so on, as Zarr's shuffle codec leaves them. */
function shuffled(numbers: ArrayBufferView, size: number): Uint8Array {
  const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  const count = bytes.length / size;
  return bytes.map((_, i) => bytes[(i % count) * size + Math.floor(i / count)]!);
}

function codes(
  numbers: ArrayBufferView,
  size: number,
  type: Parameters<typeof planesOf>[1],
  tensor: Tensor,
  chunk = 0,
) {
  return [...joinPlanes(planesOf(shuffled(numbers, size), type, tensor, chunk), WIDTH[tensor.dtype])];
}

test("unsigned integers are codes, and of a causal head only the visible cells are kept", () => {
  const numbers = Uint16Array.of(1, 300, 65535, 5, 65534, 7);
  expect(codes(numbers, 2, "uint16", tensorOf({}))).toEqual([1, 300, 65535, 5, 65534, 7]);
  expect(codes(numbers, 2, "uint16", tensorOf({ layout: "causal" }))).toEqual([1, 300, 5, 65534, 7]);
  const wide = Uint32Array.of(16777215, 256, 0, 1, 2, 70000);
  expect(codes(wide, 4, "uint32", tensorOf({ dtype: "uint24", missing: 16777215 }))).toEqual([...wide]);
  expect(codes(Uint8Array.of(255, 1, 0, 1, 2, 3), 1, "uint8", tensorOf({ dtype: "uint8" }))).toEqual([
    255, 1, 0, 1, 2, 3,
  ]);
});

test("signed integers are codes minus zero, and the lowest is no value", () => {
  const tensor = tensorOf({ zero: 32767, layout: "causal" });
  expect(codes(Int16Array.of(-32767, 0, -32768, 32767, -32768, -1), 2, "int16", tensor)).toEqual([
    0, 32767, 65534, 65535, 32766,
  ]);
  const scores = tensorOf({ dtype: "uint24", zero: 8388607, missing: 16777215, shape: [1, 1, 2] });
  expect(codes(Int32Array.of(-8388608, -5), 4, "int32", scores)).toEqual([16777215, 8388602]);
});

test("floats are values of the head's own scale, NaN is no value, and a head of zeros has no scale", () => {
  const tensor = tensorOf({ scales: [0.5, 1e-3, 0], zero: 100 });
  const values = Float32Array.of(0, 0.5, NaN, -1.5, 0.61, 2);
  expect(codes(values, 4, "float32", tensor)).toEqual([100, 101, 65535, 97, 101, 104]);
  expect(codes(Float64Array.from([...values].map((value) => value / 500)), 8, "float64", tensor, 1)).toEqual([
    100, 101, 65535, 97, 101, 104,
  ]);
  expect(codes(new Float32Array(6), 4, "float32", tensor, 2)).toEqual(Array(6).fill(100));
});

test("vectors have a scale each", () => {
  const tensor = tensorOf({ shape: [2, 2], scales: [0.5, 2], zero: 10 });
  expect(codes(Float32Array.of(1, -0.5, 2, 4), 4, "float32", tensor)).toEqual([12, 9, 11, 12]);
});

test("a chunk of another size is refused", () => {
  expect(() => planesOf(new Uint8Array(11), "uint16", tensorOf({}), 0)).toThrow(
    "11 bytes for 6 numbers of type uint16",
  );
});
