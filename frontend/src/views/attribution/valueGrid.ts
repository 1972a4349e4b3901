/** What the picture shows, as values for a table: what a component reads from each source for each destination. */
import type { ValueGrid } from "../../controls/valueTable";
import { tokenName } from "../../text/names";
import type { AttributionState } from "./attributionState.svelte";
import { destName, shownName, valueText } from "./descriptions";

export function valueGrid(view: AttributionState, component: number | null): ValueGrid {
  const { source, selection } = view;
  const part = component !== null && view.isPart(component);
  const matrix = view.matrix(component);
  return {
    title: `${shownName(view, component)}, logits`,
    rows: Array.from({ length: source.dest }, (_, dest) => destName(view, dest)),
    cols: part ? ["it reads no source"] : source.srcTokens.map((_, src) => tokenName(source.srcTokens, src)),
    value: (dest, src) => matrix?.at(dest, src) ?? NaN,
    text: (dest, src) => {
      const absence = part ? null : view.absence(component, { dest, src });
      if (absence) return absence === "masked" ? "masked" : "no value";
      return matrix ? valueText(view, component, matrix.at(dest, src)) : "…";
    },
    chosen: selection.cell.pinned?.dest ?? selection.token.pinned,
  };
}
