/** Heads with collapsed spans: computed once for each way in which they are shown. */
import type { Range } from "../color/scale";
import { collapse } from "../data/collapse";
import type { Matrix } from "../data/matrix";
import type { Slots } from "../data/slots";
import type { Weights } from "../data/weights";

/** How far beyond the range of colors a sum may be, relative to the range's end, before the range is widened: rounding is no reason. */
const TOLERANCE = 0.02;

export class CollapsedHeads {
  private slots: Slots | null = null;
  /** By the head's matrix: for the weights that were used last. */
  private made = new WeakMap<Matrix, { weights: Weights | null; collapsed: Matrix }>();

  /** The matrix of a head by slots, its weights included. */
  of(matrix: Matrix, weights: Weights | null, slots: Slots): Matrix {
    if (this.slots !== slots) {
      this.slots = slots;
      this.made = new WeakMap();
    }
    const found = this.made.get(matrix);
    if (found && found.weights === weights) return found.collapsed;
    const collapsed = collapse(matrix, weights, slots.rows, slots.cols);
    this.made.set(matrix, { weights, collapsed });
    return collapsed;
  }

  /** The range of colors, widened where sums exceed it. */
  widened([low, high]: Range, collapsed: Matrix | undefined): Range {
    let [least, most] = [low, high];
    for (const value of collapsed?.codes ?? []) {
      if (!Number.isFinite(value)) continue; // no value
      if (value > most && value > high * (1 + TOLERANCE)) most = value;
      if (value < least && value < low * (1 + TOLERANCE)) least = value;
    }
    return [least, most];
  }
}
