/** The numbers of one sequence of a logit lens. Positions are decoded in blocks, when they are looked at. */
import { boundOf } from "../../data/bounds";
import type { Codes } from "../../data/decode";
import { decodeChunk } from "../../data/decode";
import type { LensSequence, LogitLensProps, Tensor } from "../../props";

const TENSORS = ["top", "topLogProbs", "targetLogProbs", "targetRanks", "entropies", "divergences"] as const;

type TensorName = (typeof TENSORS)[number];
type Block = Record<TensorName, Codes>;

/** A likely token: its index in the vocabulary of the figure, and its log probability. */
export interface Guess {
  token: number;
  logProb: number;
}

/** Blocks that stay decoded, of about 200 kB each with 48 layers: those of 6,000 positions. */
const KEPT = 96;

export class LensSource {
  /** Positions of a block. */
  readonly size: number;
  /** Number of blocks. */
  readonly count: number;
  /** Largest possible errors of log probabilities, of entropies and of divergences. */
  readonly bounds: { logProb: number; entropy: number; divergence: number };
  /** Least recently used first. */
  private readonly blocks = new Map<number, Block>();
  private readonly loading = new Map<number, Promise<void>>();
  private readonly k: number;
  private kept = KEPT;

  constructor(
    readonly sequence: LensSequence,
    { k }: LogitLensProps,
  ) {
    this.k = k;
    const [count = 0, , size = 1] = sequence.entropies.shape;
    [this.count, this.size] = [count, size];
    this.bounds = {
      logProb: Math.max(boundOf(sequence.topLogProbs), boundOf(sequence.targetLogProbs)),
      entropy: boundOf(sequence.entropies),
      divergence: boundOf(sequence.divergences),
    };
  }

  /** The block of a position. */
  blockOf(position: number): number {
    return Math.floor(position / this.size);
  }

  /** Whether the numbers of a position are decoded. */
  has(position: number): boolean {
    return this.blocks.has(this.blockOf(position));
  }

  /** Decodes a block, once. */
  load(block: number): Promise<void> {
    const kept = this.blocks.get(block);
    if (kept) {
      this.blocks.delete(block);
      this.blocks.set(block, kept);
      return Promise.resolve();
    }
    let loading = this.loading.get(block);
    if (!loading) {
      loading = this.decode(block).finally(() => this.loading.delete(block));
      this.loading.set(block, loading);
    }
    return loading;
  }

  /** Decodes all blocks, which then stay. */
  async loadAll(): Promise<void> {
    this.kept = Infinity;
    for (let block = 0; block < this.count; block++) await this.load(block);
  }

  /** The likeliest tokens of a cell, likeliest first. None where the position is not decoded. */
  guesses(stage: number, position: number): Guess[] {
    return Array.from({ length: this.k }, (_, i) => ({
      token: this.number("top", stage, position, i),
      logProb: this.number("topLogProbs", stage, position, i),
    })).filter(({ token }) => !Number.isNaN(token));
  }

  /** The likeliest token of a cell, as an index in the vocabulary; NaN where the position is not decoded. */
  top(stage: number, position: number): number {
    return this.number("top", stage, position, 0);
  }

  topLogProb(stage: number, position: number): number {
    return this.number("topLogProbs", stage, position, 0);
  }

  /** NaN without a target. */
  targetLogProb(stage: number, position: number): number {
    return this.number("targetLogProbs", stage, position);
  }

  /** From 1, the likeliest; NaN without a target. */
  rank(stage: number, position: number): number {
    return this.number("targetRanks", stage, position) || NaN;
  }

  /** In nats. */
  entropy(stage: number, position: number): number {
    return this.number("entropies", stage, position);
  }

  /** D_KL(last stage || stage) in nats. */
  divergence(stage: number, position: number): number {
    return this.number("divergences", stage, position);
  }

  /** NaN where the position is not decoded, or where there is no value. */
  private number(name: TensorName, stage: number, position: number, i = 0): number {
    const number = this.blockOf(position);
    const codes = this.blocks.get(number)?.[name];
    if (!codes) return NaN;
    const tensor: Tensor = this.sequence[name];
    const [, stages = 1, width = 1] = tensor.shape;
    const per = width / this.size;
    // a sequence of one block has one chunk, which is all of the tensor
    if (codes.length !== stages * width) throw new RangeError(`block ${number} has another size`);
    const code = codes[stage * width + (position - number * this.size) * per + i] as number;
    return code === tensor.missing ? NaN : (code - tensor.zero) * (tensor.scales[number] as number);
  }

  private async decode(number: number): Promise<void> {
    const codes = await Promise.all(TENSORS.map((name) => decodeChunk(this.sequence[name], number)));
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size < this.kept) break;
      this.blocks.delete(oldest);
    }
    this.blocks.set(number, Object.fromEntries(TENSORS.map((name, i) => [name, codes[i]])) as Block);
  }
}
