/** The map's values for a table: a row for each layer, a column for each head of it. */
import type { ValueGrid } from "../../controls/valueTable";
import { scoreName } from "./descriptions";
import type { ScoreMapState } from "./scoreMapState.svelte";

export function valueGrid(view: ScoreMapState): ValueGrid | null {
  if (!view.ready) return null;
  const { layers, nHeads } = view.props;
  const { pinned } = view.pin;
  return {
    title: scoreName(view),
    rows: layers.map((layer) => `Layer ${layer}`),
    cols: Array.from({ length: nHeads }, (_, head) => `Head ${head}`),
    value: (row, col) => view.values()[row * nHeads + col] ?? NaN,
    text: (row, col) => view.text(row * nHeads + col),
    chosen: pinned === null || pinned >= view.names.length ? null : Math.floor(pinned / nHeads),
    nouns: { row: "layer", rows: "layers", col: "head", cols: "heads of a layer" },
  };
}
