/** The effects of a grid for a table: a row for each layer, a column for each position or head. */
import type { ValueGrid } from "../../controls/valueTable";
import { gridCaption, tokenText } from "./descriptions";
import type { PatchingState } from "./patchingState.svelte";

export function valueGrid(view: PatchingState): ValueGrid | null {
  if (!view.ready) return null;
  const { props, shownGrid, sequence, pin } = view;
  const byHead = shownGrid.columns === "head";
  const tokens = sequence.cleanTokens.length > 0 ? sequence.cleanTokens : sequence.corruptedTokens;
  const nameOf = (col: number) =>
    byHead
      ? `Head ${col}`
      : `${props.positions[col] ?? col}${tokens.length > 0 ? ` ${tokenText(tokens[col])}` : ""}`;
  return {
    title: `Effects, ${gridCaption(view)}`,
    rows: props.layers.map((layer) => `Layer ${layer}`),
    cols: Array.from({ length: view.cols }, (_, col) => nameOf(col)),
    value: (row, col) => view.effect({ row, col }),
    text: (row, col) => view.text(view.effect({ row, col })),
    chosen: pin.pinned?.row ?? null,
    nouns: byHead
      ? { row: "layer", rows: "layers", col: "head", cols: "heads" }
      : { row: "layer", rows: "layers", col: "position", cols: "positions" },
  };
}
