/** Lets a heatmap read and choose the ranges that are added up: it counts rows and columns, and the ranges count tokens. */
import { type Slot, slotAt } from "../../data/slots";
import type { CellRange, RangeChoice, RangeSide } from "../../heatmap/rangeChoice";
import type { Direction } from "../../state/selection.svelte";
import type { TokenRange } from "../../state/tokenRanges.svelte";
import type { AttentionState } from "./attentionState.svelte";

const SIDES: Record<RangeSide, Direction> = { rows: "dest", cols: "src" };

export function rangeChoice(view: AttentionState): RangeChoice {
  const { ranges } = view;
  const slot = (side: RangeSide, index: number): TokenRange =>
    view.slots[side][index] ?? { start: index, end: index + 1 };
  return {
    get rows() {
      return shownRange(view.slots.rows, ranges.dest);
    },
    get cols() {
      return shownRange(view.slots.cols, ranges.src);
    },
    select: (side, from, to) => ranges.select(SIDES[side], slot(side, from), slot(side, to)),
    extend: (side, from, to) => ranges.extend(SIDES[side], slot(side, from), slot(side, to)),
    toggle: (side, index) => ranges.toggle(SIDES[side], slot(side, index)),
  };
}

/** The first and the last slot of a range; null for none. */
function shownRange(slots: readonly Slot[], range: TokenRange | null): CellRange | null {
  return range && [slotAt(slots, range.start), slotAt(slots, range.end - 1)];
}
