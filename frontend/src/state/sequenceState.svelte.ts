/** Which sequence of a figure is chosen, which one is drawn, and the decoded data of the drawn one. */
import { createSubscriber } from "svelte/reactivity";
import { messageOf } from "../browser/alerts";
import type { Matrix } from "../data/matrix";
import { CAPACITY } from "../data/headCache";
import { Dropped } from "../data/requests";
import { Source } from "../data/source";
import { Unreached } from "../data/unreached";
import type { AttentionSequence, Head } from "../props";
import { headName } from "../text/names";

/** Milliseconds after which the page says that a head takes long to arrive. */
const PATIENCE = 1000;

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
  /** Whether what failed may be there if it is asked for again. */
  canRetry = $state(false);
  /** What has been asked for and takes long to arrive, as a sentence for the page. */
  waiting = $state("");
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
    if (index !== this.chosen) this.forgetFailure();
    this.chosen = index;
    const source = this.sources[index] as Source;
    try {
      const [previews] = await Promise.all([source.open(), this.hooks.prepare?.(source)]);
      if (this.chosen !== index) return;
      this.drawn = index;
      for (const other of this.sources) if (other !== source) other.leave();
      this.previews = previews;
      this.releaseOthers();
      this.hooks.onDrawn?.(source);
    } catch (error) {
      this.say("This sequence", error);
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

  /** Asks again for what was not reached. */
  async retry(): Promise<void> {
    this.forgetFailure();
    this.source.retry();
    if (this.drawn !== this.chosen || this.previews.length === 0) await this.choose(this.chosen);
    this.notifyDecoded();
  }

  private async decode(source: Source, head: number): Promise<void> {
    const slow = `${this.nameOf(head)} has not arrived yet; it appears as soon as it does.`;
    const timer = source.far && setTimeout(() => (this.waiting = slow), PATIENCE);
    try {
      await source.load(head);
    } catch (error) {
      this.fail(head, error);
    }
    if (timer) clearTimeout(timer);
    if (this.waiting === slow) this.waiting = "";
    this.notifyDecoded();
  }

  /** Puts a sentence on the page that a head could not be decoded, unless it was given up because nobody looks at it any more. */
  fail(head: number, error: unknown): void {
    if (!(error instanceof Dropped)) this.say(this.nameOf(head), error);
  }

  private nameOf(head: number): string {
    return headName(this.heads[head]?.name ?? "");
  }

  private say(what: string, error: unknown): void {
    this.canRetry = error instanceof Unreached;
    this.error = this.canRetry
      ? `${what} was not reached: ${messageOf(error)}`
      : `${what} could not be decoded: ${String(error)}`;
  }

  /** What failed for good stays on the page. */
  private forgetFailure(): void {
    if (this.canRetry) this.error = "";
    this.canRetry = false;
  }

  /** Drops the decoded heads of sequences that are not drawn, if all sequences together keep more than one may. */
  private releaseOthers(): void {
    if (this.sources.reduce((sum, source) => sum + source.decodedCodes, 0) <= CAPACITY) return;
    for (const source of this.sources) if (source !== this.source) source.dropHeads();
  }
}
