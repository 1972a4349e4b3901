/** Which sources a reader has hidden, whether the rest is renormalized, and the heads as they then are. */
import { SvelteMap } from "svelte/reactivity";
import { hiddenSources, type Marks, pooled, remainders, withoutSources } from "../data/hidden";
import { ownSource } from "../data/mask";
import type { Matrix } from "../data/matrix";
import type { Slot } from "../data/slots";
import type { Source } from "../data/source";
import type { Hide, Switches } from "../props";

/** A decoded head. */
export interface HiddenHead {
  readonly sources: Marks;
  /** Its values without those of hidden sources, renormalized if that is chosen. */
  readonly values: Matrix;
  /** What each row is divided by: 1 where values are not renormalized. */
  readonly divisors: Float64Array;
}

/** A head's thumbnail. */
export interface HiddenThumbnail {
  sources: Marks;
  preview: Matrix;
  divisors: Float64Array;
}

export class Hiding {
  hide: Hide | null = $state(null);
  renormalized: boolean = $state(false);
  /** Thumbnails of the heads that were read, of one sequence and one choice. */
  private read: { of: unknown[]; heads: SvelteMap<number, HiddenThumbnail> } = $state.raw({
    of: [],
    heads: new SvelteMap(),
  });
  private readonly known = new WeakMap<Matrix, { of: unknown[]; head: HiddenHead }>();

  constructor(switches: Switches | null) {
    this.hide = switches?.hide ?? null;
    this.renormalized = switches?.renormalize ?? false;
  }

  /** Whether the values that are shown differ from those of the data. */
  get renormalizes(): boolean {
    return this.hide !== null && this.renormalized;
  }

  /** Whether pictures of all heads can be drawn from what is sent for them: the first token is hidden without looking at values. */
  get simple(): boolean {
    return this.hide === null || (this.hide === "first" && !this.renormalized);
  }

  /** What values that are drawn of all heads depend on: "" where they are those of the data. */
  get choiceOfValues(): string {
    return this.simple ? "" : `${this.hide} ${this.renormalized}`;
  }

  choose(hide: Hide | null): void {
    this.hide = hide;
  }

  /** A decoded head without its hidden sources; null where nothing is hidden. */
  of(source: Source, matrix: Matrix, cols: readonly Slot[]): HiddenHead | null {
    const { hide } = this;
    if (hide === null) return null;
    const of = this.choice(cols);
    const known = this.known.get(matrix);
    if (known && same(known.of, of)) return known.head;
    const head = this.hidden(source, matrix, hide, cols);
    this.known.set(matrix, { of, head });
    return head;
  }

  /** Keeps the thumbnail of a head that is read once, and returns the head. */
  keep(source: Source, head: number, matrix: Matrix, cols: readonly Slot[]): HiddenHead | null {
    if (this.hide === null) return null;
    const of = [source, ...this.choice(cols)];
    if (!same(this.read.of, of)) this.read = { of, heads: new SvelteMap() };
    const found = this.hidden(source, matrix, this.hide, cols);
    if (!this.simple)
      this.read.heads.set(head, {
        sources: found.sources,
        divisors: found.divisors,
        preview: pooled(found.values, source.props.previewBlock),
      });
    return found;
  }

  /** The least number that a head's rows are divided by. 1 while it is not known. */
  leastDivisor(
    source: Source,
    head: number,
    matrix: Matrix | undefined,
    cols: readonly Slot[],
    { start, end }: { start: number; end: number },
  ): number {
    const decoded = matrix && this.of(source, matrix, cols)?.divisors;
    const divisors = decoded ?? this.thumbnail(source, head, cols)?.divisors;
    return divisors ? divisors.subarray(start, end).reduce((least, one) => Math.min(least, one), 1) : 1;
  }

  /** The thumbnail of a head as it was kept for what is chosen now. */
  thumbnail(source: Source, head: number, cols: readonly Slot[]): HiddenThumbnail | undefined {
    const { of, heads } = this.read;
    return same(of, [source, ...this.choice(cols)]) ? heads.get(head) : undefined;
  }

  private hidden(source: Source, matrix: Matrix, hide: Hide, cols: readonly Slot[]): HiddenHead {
    const sources = hiddenSources(matrix, hide, cols, (dest) => ownSource(source.props, dest));
    const divisors = this.renormalized ? remainders(matrix, sources) : new Float64Array(matrix.rows).fill(1);
    return { sources, values: withoutSources(matrix, sources, this.renormalized), divisors };
  }

  private choice(cols: readonly Slot[]): unknown[] {
    return [this.hide, this.renormalized, cols];
  }
}

function same(a: unknown[], b: unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i]);
}
