/** The pairs as values for a table, with the names and sums of rows and columns. */
import type { ValueGrid } from "../../controls/valueTable";
import { edgeName, pairText, sumText } from "./descriptions";
import type { EdgeState } from "./edgeState.svelte";
import type { Line } from "./lines";

export function valueGrid(view: EdgeState): ValueGrid | null {
  if (!view.ready) return null;
  const { rows, cols } = view;
  const named = ({ name, value }: Line) => `${name}, sum ${sumText(view, value)}`;
  return {
    title: `${edgeName(view)}: what pairs of parts add to q·k / divisor`,
    rows: rows.map(named),
    cols: cols.map(named),
    value: (row, col) => view.pair(row, col),
    text: (row, col) => pairText(view, row, col),
    chosen: view.row,
    nouns: {
      row: "part of the query",
      rows: "parts of the query",
      col: "part of the key",
      cols: "parts of the key",
    },
  };
}
