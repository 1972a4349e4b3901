import { expect, test } from "vitest";
import { figureOf } from "../../../test/fixtures";
import { loadVectors } from "../../data/vectors";
import { NeuronSource } from "./neuronSource";

const open = (name: string) => figureOf("TextNeuronActivations", name).props;

test("each neuron of each layer has a text per sample, with a value per token", async () => {
  const props = open("activations-7-samples");
  const source = new NeuronSource(props);
  expect([source.outer.count, source.outer.labels?.[2], source.inner().count]).toEqual([
    3,
    "blocks.1.mlp",
    20,
  ]);
  for (const layer of [0, 2]) {
    const vectors = await loadVectors(props.layers[layer]!.groups[0]!.activations);
    for (const neuron of [0, 3, 19]) {
      expect(source.peek(layer, neuron) === null).toBe(neuron === 0); // a layer is decoded as a whole here
      const { texts, bound } = await source.load(layer, neuron);
      expect(texts.map(({ name }) => name)).toEqual(props.samples.map(({ label }) => label));
      expect(texts.map(({ values }) => values.length)).toEqual(
        props.samples.map(({ tokens }) => tokens.length),
      );
      expect(texts.flatMap(({ values }) => [...values])).toEqual([...vectors.row(neuron)]);
      expect(bound).toBe(vectors.errorBound(neuron));
    }
  }
});

test("neurons of later groups are found, and missing values are NaN", async () => {
  const large = open("activations-500-tokens");
  expect(large.layers[1]!.groups.length).toBe(2);
  const second = await loadVectors(large.layers[1]!.groups[1]!.activations);
  const { texts } = await new NeuronSource(large).load(1, 409);
  expect([...texts[0]!.values]).toEqual([...second.row(409 - large.groupSize)]);
  const gaps = await new NeuronSource(open("activations-hostile")).load(0, 1);
  expect(gaps.texts.every(({ values }) => values.every(Number.isNaN))).toBe(true);
});

test("texts without labels are named by their numbers", async () => {
  const { texts } = await new NeuronSource(open("activations-1-sample")).load(1, 2);
  expect(texts.map(({ name }) => name)).toEqual(["Sample 0"]);
});
