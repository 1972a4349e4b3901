import { deflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { figure, WITH_HEADS } from "../../test/fixtures";
import type { Tensor } from "../props";
import { chunkLength, decodeChunk, fromBase64, joinPlanes, triangleLength } from "./decode";

function tensor(codes: number[], other: Partial<Tensor> = {}): Tensor {
  const bytes = Uint8Array.from([...codes.map((code) => code >> 8), ...codes.map((code) => code & 255)]);
  const chunk = deflateSync(bytes).toString("base64");
  const plain = { zero: 0, scales: [1], missing: null, errorSteps: 0.5, chunks: [chunk] };
  return { dtype: "uint16", layout: "full", shape: [1, 1, codes.length], ...plain, ...other };
}

test("codes come back in order", async () => {
  expect([...(await decodeChunk(tensor([0, 1, 256, 65535]), 0))]).toEqual([0, 1, 256, 65535]);
});

test("a chunk that is too short is an error, not a picture of something else", async () => {
  await expect(decodeChunk(tensor([1, 2], { shape: [1, 1, 3] }), 0)).rejects.toThrow(
    "chunk 0 holds 2 codes, not 3",
  );
});

test("a chunk that does not exist is an error", async () => {
  await expect(decodeChunk(tensor([1]), 1)).rejects.toThrow("chunk 1 of 1");
});

test("broken data is an error", async () => {
  await expect(decodeChunk(tensor([1], { chunks: ["AAAA"] }), 0)).rejects.toThrow();
});

test.each([
  [1, [1, 2, 3, 4, 5, 6]],
  [2, [0x0104, 0x0205, 0x0306]],
  [3, [0x010305, 0x020406]],
])("%i planes are joined high byte first", (width, want) => {
  expect([...joinPlanes(Uint8Array.from([1, 2, 3, 4, 5, 6]), width)]).toEqual(want);
});

test.each([
  [3, 3],
  [2, 5],
  [1, 4],
  [6, 6],
])("a causal %i x %i pattern has as many codes as it has cells on and under the diagonal", (rows, cols) => {
  let cells = 0;
  for (let dest = 0; dest < rows; dest++)
    for (let src = 0; src < cols; src++) cells += src <= dest + cols - rows ? 1 : 0;
  expect(triangleLength(rows, cols)).toBe(cells);
});

test("base64 is decoded in browsers without Uint8Array.fromBase64", () => {
  const native = (Uint8Array as { fromBase64?: unknown }).fromBase64;
  delete (Uint8Array as { fromBase64?: unknown }).fromBase64;
  expect([...fromBase64("AP+A")]).toEqual([0, 255, 128]);
  if (native) (Uint8Array as { fromBase64?: unknown }).fromBase64 = native;
});

/** All tensors of a fixture. */
function tensorsOf(value: unknown): Tensor[] {
  if (typeof value !== "object" || value === null) return [];
  return "chunks" in value ? [value as Tensor] : Object.values(value).flatMap(tensorsOf);
}

test.each(WITH_HEADS)("every chunk of every tensor of fixture %s decodes to its shape", async (name) => {
  const tensors = tensorsOf(figure(name));
  expect(tensors.length).toBeGreaterThan(0);
  for (const tensor of tensors) {
    let codes = 0;
    for (let i = 0; i < tensor.chunks.length; i++) codes += (await decodeChunk(tensor, i)).length;
    expect(codes).toBe(tensor.chunks.length * chunkLength(tensor));
  }
});
