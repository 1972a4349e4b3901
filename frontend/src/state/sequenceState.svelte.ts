/** Which sequence of a figure is chosen, which one is drawn, and the decoded data of the drawn one. */
import { createSubscriber } from "svelte/reactivity";
import type { Matrix } from "../data/matrix";
import { CAPACITY } from "../data/headCache";
import { Source } from "../data/source";
import type { AttentionSequence, Head } from "../props";

export interface SequenceHooks {
  /** Decodes what a sequence needs, beyond its previews and weights, before it can be drawn. */
  prepare?: (source: Source) => Promise<unknown>;
  /** Runs in the same step in which another sequence is drawn, so that choices which it does not have are never drawn. */
  onDrawn?: (source: Source) => void;
}

export class SequenceState<S extends AttentionSequence = AttentionSequence> {
  /** Index of the chosen sequence. It differs from `drawn` while the chosen one is being decoded. */
  chosen = $state(0);
  /** Index of the sequence on screen. */
  drawn = $state(0);
  /** The preview of each head of the drawn sequence; empty until they are decoded. */
  previews: Matrix[] = $state.raw([]);
  /** What could not be decoded, as a sentence for the page. */
  error = $state("");
  /** Whether the first sequence can be drawn, or has failed. */
  opened = $state(false);
  private readonly sources: Source[];
  private notifyDecoded: () => void = () => undefined;
  private readonly subscribeToDecoded = createSubscriber((update) => {
    this.notifyDecoded = update;
  });

  constructor(
    readonly sequences: S[],
    private readonly heads: Head[],
    private readonly hooks: SequenceHooks = {},
    /** Index of the sequence that is drawn first. */
    first = 0,
  ) {
    this.sources = sequences.map((sequence) => new Source(sequence));
    this.chosen = this.drawn = first;
  }

  /** The data of the drawn sequence. */
  get source(): Source {
    return this.sources[this.drawn] as Source;
  }

  /** The props of the drawn sequence. */
  get props(): S {
    return this.sequences[this.drawn] as S;
  }

  /** The props of the sequence that a source decodes. */
  propsOf(source: Source): S {
    return this.sequences[this.sources.indexOf(source)] as S;
  }

  /** Draws the first sequence as soon as it is decoded. */
  open(): Promise<void> {
    return this.choose(this.chosen);
  }

  /** Draws another sequence. What is on screen stays until that one is decoded. */
  async choose(index: number): Promise<void> {
    this.chosen = index;
    const source = this.sources[index] as Source;
    try {
      const [previews] = await Promise.all([source.open(), this.hooks.prepare?.(source)]);
      if (this.chosen !== index) return;
      this.drawn = index;
      this.previews = previews;
      this.releaseOthers();
      this.hooks.onDrawn?.(source);
    } catch (error) {
      this.error = `This sequence could not be decoded: ${String(error)}`;
    } finally {
      this.opened = true;
    }
  }

  /** A head of the drawn sequence if it is decoded. Else its decoding starts, and effects that called this run again after it. */
  matrix(head: number): Matrix | undefined {
    this.subscribeToDecoded();
    const { source } = this;
    const matrix = source.peek(head);
    if (!matrix && !source.broken.has(head)) void this.decode(source, head);
    return matrix;
  }

  private async decode(source: Source, head: number): Promise<void> {
    try {
      await source.load(head);
    } catch (error) {
      this.fail(head, error);
    }
    this.notifyDecoded();
  }

  /** Puts a sentence on the page that a head could not be decoded. */
  fail(head: number, error: unknown): void {
    this.error = `Head ${this.heads[head]?.name} could not be decoded: ${String(error)}`;
  }

  /** Drops the decoded heads of sequences that are not drawn, if all sequences together keep more than one may. */
  private releaseOthers(): void {
    if (this.sources.reduce((sum, source) => sum + source.decodedCodes, 0) <= CAPACITY) return;
    for (const source of this.sources) if (source !== this.source) source.dropHeads();
  }
}
