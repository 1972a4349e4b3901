/** The activations of one neuron at a time, on the tokens of all samples. */
import { boundOf } from "../../data/bounds";
import { ChunkCache, valuesOf } from "../../data/chunkCache";
import type { Codes } from "../../data/decode";
import type { Tensor, TextNeuronActivationsProps } from "../../props";
import type { Axis, Samples, SampleSource } from "../../tokens/sampleSource";

export class NeuronSource implements SampleSource {
  readonly outer: Axis;
  private readonly neurons: Axis;
  private readonly cache = new ChunkCache();

  constructor(private readonly props: TextNeuronActivationsProps) {
    this.outer = { ...props.first, count: props.layers.length };
    this.neurons = { ...props.second, count: props.nNeurons };
  }

  inner(): Axis {
    return this.neurons;
  }

  peek(layer: number, neuron: number): Samples | null {
    const tensor = this.tensor(layer, neuron);
    const codes = this.cache.peek(tensor);
    return codes ? this.samples(tensor, codes, neuron) : null;
  }

  async load(layer: number, neuron: number): Promise<Samples> {
    const tensor = this.tensor(layer, neuron);
    return this.samples(tensor, await this.cache.load(tensor), neuron);
  }

  private tensor(layer: number, neuron: number): Tensor {
    const group = this.props.layers[layer]?.groups[Math.floor(neuron / this.props.groupSize)];
    if (!group) throw new RangeError(`there is no neuron ${neuron} in layer ${layer}`);
    return group.activations;
  }

  private samples(tensor: Tensor, codes: Codes, neuron: number): Samples {
    const row = neuron % this.props.groupSize;
    const [, length = 0] = tensor.shape;
    let at = row * length;
    const texts = this.props.samples.map(({ label, tokens }, i) => {
      const from = at;
      at += tokens.length;
      const values = valuesOf(tensor, codes, from, at, tensor.scales[row] as number);
      return { name: label ?? `Sample ${i}`, tokens, values };
    });
    return { texts, bound: boundOf(tensor, row) };
  }
}
