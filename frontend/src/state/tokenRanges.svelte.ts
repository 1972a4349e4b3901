/** Ranges of destinations and of sources whose cells are added up. They are of tokens, so that they stay while spans open and close. */
import type { Direction } from "./selection.svelte";

/** Index of the first token, and behind the last one. */
export interface TokenRange {
  start: number;
  end: number;
}

export class TokenRanges {
  dest: TokenRange | null = $state.raw(null);
  src: TokenRange | null = $state.raw(null);
  /** The tokens from which each range is extended. */
  private anchors: Partial<Record<Direction, TokenRange>> = {};

  get any(): boolean {
    return this.dest !== null || this.src !== null;
  }

  /** Chooses all tokens between these two, both included. The range is extended from the first. */
  select(side: Direction, from: TokenRange, to: TokenRange): void {
    this.anchors[side] = from;
    this[side] = hull(from, to);
  }

  /** Extends the range to these tokens: from where it began, or from `from` if nothing is chosen. */
  extend(side: Direction, from: TokenRange, to: TokenRange): void {
    this.select(side, (this[side] && this.anchors[side]) ?? from, to);
  }

  /** Chooses these tokens alone; clears the range if it holds them already. */
  toggle(side: Direction, tokens: TokenRange): void {
    const range = this[side];
    if (range && range.start <= tokens.start && tokens.end <= range.end) this[side] = null;
    else this.select(side, tokens, tokens);
  }

  clear(): void {
    this.dest = null;
    this.src = null;
  }
}

function hull(a: TokenRange, b: TokenRange): TokenRange {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
