/** What the large picture shows, as values for a table: of one head, or of the strongest head of each cell. */
import type { ValueGrid } from "../../controls/valueTable";
import type { AttentionState } from "./attentionState.svelte";
import { destName, nameOf, srcName, valueText } from "./descriptions";

export function valueGrid(state: AttentionState, head: number | null): ValueGrid {
  const { slots, selection } = state;
  const at = (dest: number, src: number) =>
    head === null ? state.topHeads({ dest, src })[0] : { head, value: state.value(head, { dest, src }) };
  const token = selection.direction === "dest" ? selection.token.pinned : null;
  return {
    title: head === null ? "Strongest head of each cell" : nameOf(state, head),
    rows: slots.rows.map((_, dest) => destName(state, dest)),
    cols: slots.cols.map((_, src) => srcName(state, src)),
    value: (dest, src) => at(dest, src)?.value ?? NaN,
    text: (dest, src) => {
      const absence = state.absence(head, { dest, src });
      if (absence) return absence === "masked" ? "masked" : "no value";
      const best = at(dest, src);
      if (!best) return "…";
      const text = valueText(state, best.head, best.value, state.keysOf(src));
      return head === null ? `${text}, ${nameOf(state, best.head)}` : text;
    },
    chosen: selection.cell.pinned?.dest ?? token,
  };
}
