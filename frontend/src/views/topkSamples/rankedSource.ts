/** The samples of one neuron at a time, in descending order of their largest activation. */
import { boundOf } from "../../data/bounds";
import { ChunkCache, valuesOf } from "../../data/chunkCache";
import type { Codes } from "../../data/decode";
import type { SampleGroup, TopkSamplesProps } from "../../props";
import type { Axis, Samples, SampleSource, SampleText } from "../../tokens/sampleSource";

/** The decoded tensors of a group, and where each neuron and each sample begins. */
interface Group {
  indices: Codes;
  tokenIds: Codes;
  activations: Codes;
  /** Index of each neuron's first sample, and one more. */
  samples: Uint32Array;
  /** Index of each sample's first token, and one more. */
  tokens: Uint32Array;
}

export class RankedSource implements SampleSource {
  readonly outer: Axis;
  private readonly cache = new ChunkCache();

  constructor(private readonly props: TopkSamplesProps) {
    this.outer = { ...props.zeroth, count: props.layers.length };
  }

  inner(layer: number): Axis {
    const groups = this.props.layers[layer]?.groups ?? [];
    return { ...this.props.first, count: groups.reduce((sum, { counts }) => sum + counts.length, 0) };
  }

  peek(layer: number, neuron: number): Samples | null {
    const { group, row } = this.find(layer, neuron);
    const codes = tensorsOf(group).map((tensor) => this.cache.peek(tensor));
    return codes.every((found) => found !== undefined) ? this.samples(group, row, codes) : null;
  }

  async load(layer: number, neuron: number): Promise<Samples> {
    const { group, row } = this.find(layer, neuron);
    return this.samples(
      group,
      row,
      await Promise.all(tensorsOf(group).map((tensor) => this.cache.load(tensor))),
    );
  }

  /** The group that holds a neuron, and the neuron's place in it. */
  private find(layer: number, neuron: number): { group: SampleGroup; row: number } {
    let row = neuron;
    for (const group of this.props.layers[layer]?.groups ?? []) {
      if (row < group.counts.length) return { group, row };
      row -= group.counts.length;
    }
    throw new RangeError(`there is no neuron ${neuron} in layer ${layer}`);
  }

  private samples(group: SampleGroup, row: number, codes: Codes[]): Samples {
    const { indices, tokenIds, activations, samples, tokens } = this.opened(group, codes);
    const { vocabulary } = this.props;
    const step = (group.activations.scales[0] as number) * (group.magnitudes[row] as number);
    const texts: SampleText[] = [];
    for (let sample = samples[row] as number; sample < (samples[row + 1] as number); sample++) {
      const [from, to] = [tokens[sample] as number, tokens[sample + 1] as number];
      texts.push({
        name: `Sample ${indices[sample]}`,
        tokens: Array.from(tokenIds.subarray(from, to), (id) => vocabulary[id] ?? ""),
        values: valuesOf(group.activations, activations, from, to, step),
      });
    }
    return { texts, bound: boundOf(group.activations) * (group.magnitudes[row] as number) };
  }

  private opened(group: SampleGroup, [indices, lengths, tokenIds, activations]: Codes[]): Group {
    if (!indices || !lengths || !tokenIds || !activations)
      throw new Error("a part of the samples is missing");
    return {
      indices,
      tokenIds,
      activations,
      samples: starts(group.counts),
      tokens: starts(lengths),
    };
  }
}

function tensorsOf({ indices, lengths, tokenIds, activations }: SampleGroup) {
  return [indices, lengths, tokenIds, activations];
}

/** The running sum: 0, then the sum of the first, of the first two, ... */
export function starts(lengths: ArrayLike<number>): Uint32Array {
  const out = new Uint32Array(lengths.length + 1);
  for (let i = 0; i < lengths.length; i++) out[i + 1] = (out[i] as number) + (lengths[i] as number);
  return out;
}
