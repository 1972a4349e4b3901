import { expect, test, vi } from "vitest";
import type { TextNeuronActivationsProps } from "../props";
import { figureOf } from "../../test/fixtures";
import { ChunkCache, valuesOf } from "./chunkCache";
import * as decode from "./decode";

function tensors() {
  const { props } = figureOf("TextNeuronActivations", "activations-7-samples");
  return (props as TextNeuronActivationsProps).layers.flatMap(({ groups }) =>
    groups.map(({ activations }) => activations),
  );
}

test("a tensor is decoded once, also where it is asked for twice at the same time", async () => {
  const decoded = vi.spyOn(decode, "decodeChunk");
  const [tensor] = tensors();
  const cache = new ChunkCache();
  expect(cache.peek(tensor!)).toBeUndefined();
  const [first, second] = await Promise.all([cache.load(tensor!), cache.load(tensor!)]);
  expect([first === second, cache.peek(tensor!) === first]).toEqual([true, true]);
  expect(await cache.load(tensor!)).toBe(first);
  expect(decoded).toHaveBeenCalledTimes(1);
  decoded.mockRestore();
});

test("where room is short, the tensor that was used longest ago is dropped", async () => {
  const [a, b, c] = tensors();
  const { length } = await new ChunkCache().load(a!);
  const cache = new ChunkCache(2.5 * length);
  await cache.load(a!);
  await cache.load(b!);
  cache.peek(a!);
  await cache.load(c!);
  expect([a, b, c].map((tensor) => cache.peek(tensor!) !== undefined)).toEqual([true, false, true]);
  await cache.load(b!); // is decoded again
  expect([a, b, c].map((tensor) => cache.peek(tensor!) !== undefined)).toEqual([false, true, true]);
});

test("a tensor that cannot be decoded is an error each time, and takes no room", async () => {
  const [whole] = tensors();
  const broken = { ...whole!, chunks: ["AAAA"] };
  const cache = new ChunkCache();
  await expect(cache.load(broken)).rejects.toThrow();
  await expect(cache.load(broken)).rejects.toThrow();
  expect(cache.peek(broken)).toBeUndefined();
});

test("codes become values, and the code of missing values NaN", () => {
  const tensor = { ...tensors()[0]!, zero: 10, missing: 255 };
  expect([...valuesOf(tensor, new Uint8Array([9, 10, 255, 12, 1]), 1, 4, 0.5)]).toEqual([0, NaN, 1]);
});
