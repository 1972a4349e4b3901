/** The head, the cell of a heatmap and the token of the strip that are hovered or pinned. */
import { HoverPin } from "./hoverPin.svelte";

/** One (destination, source) of a head. */
export interface Cell {
  dest: number;
  src: number;
}

/** Which tokens the strip chooses: destinations (their sources are colored), or sources. */
export type Direction = "dest" | "src";

export class Selection {
  readonly cell = new HoverPin<Cell>((a, b) => a.dest === b.dest && a.src === b.src);
  readonly token = new HoverPin<number>();
  direction: Direction = $state("dest");

  /** `head`: one that is shared with a map of all heads; by default one of its own. */
  constructor(readonly head = new HoverPin<number>()) {}

  /** Releases everything that is pinned. */
  release(): void {
    this.head.release();
    this.cell.release();
    this.token.release();
  }

  /** Clears the token and the cell if a sequence of that many positions does not have them. */
  clearBeyond(positions: Cell): void {
    const { cell, token } = this;
    if (token.focus !== null && token.focus >= positions[this.direction]) token.clear();
    if (cell.focus && (cell.focus.dest >= positions.dest || cell.focus.src >= positions.src)) cell.clear();
  }
}
