/** What the large picture shows, as values for a table: of one head, or of the strongest head of each cell. */
import type { ValueGrid } from "../../controls/valueTable";
import { renormalizedName } from "../../data/hiddenNote";
import type { AttentionState } from "./attentionState.svelte";
import { destName, nameOf, srcName, unranked, valueText } from "./descriptions";

export function valueGrid(state: AttentionState, head: number | null): ValueGrid {
  const { slots, selection } = state;
  const at = (dest: number, src: number) =>
    head === null ? state.topHeads({ dest, src })[0] : { head, value: state.value(head, { dest, src }) };
  const token = selection.direction === "dest" ? selection.token.pinned : null;
  const title = head === null ? "Strongest head of each cell" : nameOf(state, head);
  return {
    title: renormalizedName(title, state.hiding.renormalizes),
    rows: slots.rows.map((_, dest) => destName(state, dest)),
    cols: slots.cols.map((_, src) => srcName(state, src)),
    value: (dest, src) => at(dest, src)?.value ?? NaN,
    text: (dest, src) => {
      const absence = state.absence(head, { dest, src });
      if (absence) return absence === "missing" ? "no value" : absence;
      const best = at(dest, src);
      if (!best) return unranked(state);
      const text = valueText(state, best.head, best.value, state.keysOf(src), dest);
      return head === null ? `${text}, ${nameOf(state, best.head)}` : text;
    },
    chosen: selection.cell.pinned?.dest ?? token,
  };
}
