import { expect, test } from "vitest";
import { figureOf } from "../../../test/fixtures";
import { decodeChunk } from "../../data/decode";
import type { TopkSamplesProps } from "../../props";
import { largest } from "../../tokens/sampleSource";
import { RankedSource, starts } from "./rankedSource";

const props = figureOf("TopkSamples", "topk-samples").props;

/** Samples of a neuron in the first group of a layer, read one token after the other. */
async function byHand({ layers, vocabulary }: TopkSamplesProps, layer: number, neuron: number) {
  const group = layers[layer]!.groups[0]!;
  const [indices, lengths, ids, codes] = await Promise.all(
    [group.indices, group.lengths, group.tokenIds, group.activations].map((tensor) => decodeChunk(tensor, 0)),
  );
  const out: { name: string; tokens: string[]; values: number[] }[] = [];
  let [sample, at] = [0, 0];
  for (const [owner, count] of group.counts.entries()) {
    for (let i = 0; i < count; i++, sample++) {
      const tokens: string[] = [];
      const values: number[] = [];
      for (let token = 0; token < lengths![sample]!; token++, at++) {
        tokens.push(vocabulary[ids![at]!]!);
        values.push(
          (codes![at]! - group.activations.zero) * (group.activations.scales[0]! * group.magnitudes[owner]!),
        );
      }
      if (owner === neuron) out.push({ name: `Sample ${indices![sample]}`, tokens, values });
    }
  }
  return out;
}

test.each([0, 1])("every neuron of layer %i has its samples, the strongest first", async (layer) => {
  const source = new RankedSource(props);
  expect(source.inner(layer).count).toBe(6);
  for (let neuron = 0; neuron < 6; neuron++) {
    const { texts } = await source.load(layer, neuron);
    expect(texts.map(({ values, ...rest }) => ({ ...rest, values: [...values] }))).toEqual(
      await byHand(props, layer, neuron),
    );
    const maxima = texts.map(({ values }) => largest(values)).filter((value) => !Number.isNaN(value));
    expect(maxima).toEqual([...maxima].sort((a, b) => b - a));
  }
});

test("a neuron without samples has none, and one with a sample without tokens shows it last", async () => {
  const source = new RankedSource(props);
  expect((await source.load(0, 5)).texts).toEqual([]);
  const { texts } = await source.load(0, 0);
  expect(texts.at(-1)).toMatchObject({ name: "Sample 0", tokens: [] });
});

test("neurons of a later group are found", async () => {
  const [first, second] = props.layers.map(({ groups }) => groups[0]!);
  const joined = { ...props, layers: [{ groups: [first!, second!] }] };
  const source = new RankedSource(joined);
  expect(source.inner(0).count).toBe(12);
  expect(source.peek(0, 7)).toBeNull();
  expect(await source.load(0, 7)).toEqual(await new RankedSource(props).load(1, 1));
  expect(source.peek(0, 7)).not.toBeNull();
  expect(() => source.peek(0, 12)).toThrow("no neuron 12");
});

test("starts are running sums", () => {
  expect([...starts([2, 0, 3])]).toEqual([0, 2, 2, 5]);
});
