/** The two-way table as a heatmap: rows are parts of the query, columns parts of the key. Sums stand beside their names. */
import { plainMatrix } from "../../data/matrix";
import type { AxisLabels } from "../../heatmap/axisLabels";
import type { Cell, CellChoice } from "../../heatmap/cell";
import type { LegendInput } from "../../heatmap/legend";
import type { EdgeSide } from "../../props";
import { paint, type Raster } from "../../raster/paint";
import { columnText } from "../../text/number";
import { sideName, sumText } from "./descriptions";
import type { EdgeState } from "./edgeState.svelte";
import { type Line, placeOf } from "./lines";

interface PairTable {
  raster: Raster | null;
  rows: AxisLabels;
  cols: AxisLabels;
  legend: LegendInput;
}

/** CSS pixels of a name with its sum. */
const ROOM = 140;

/** @param names whether there is room for names alone, without the sums */
export function pairTable(view: EdgeState, names = false): PairTable {
  const { pairs, rows, cols, scale, props } = view;
  const matrix = pairs && plainMatrix(pairs, rows.length, cols.length);
  return {
    raster: matrix && paint(matrix, null, scale, () => Infinity),
    rows: axis("Query", props.query, rows, names),
    cols: axis("Key", props.key, cols, names),
    legend: {
      scale,
      bound: view.bound,
      text: "added to q·k / divisor by a pair of parts",
      masked: false,
      missing: false,
    },
  };
}

function axis(side: string, of: EdgeSide, lines: readonly Line[], names: boolean): AxisLabels {
  if (names)
    return { labels: lines.map(({ name }) => name.replace("attention", "attn")), title: side, kind: "text" };
  return {
    labels: lines.map(({ name, value }) => `${name}  ${signed(columnText(value, 0))}`),
    title: `${sideName(side, of)}: part, sum`,
    kind: "text",
    room: ROOM,
  };
}

function signed(text: string): string {
  return text.startsWith("-") || Number(text) === 0 ? text : `+${text}`;
}

export function captionOf(view: EdgeState): string {
  return `q·k / divisor ${sumText(view, view.product)} is the sum of all pairs`;
}

/** Lets the heatmap read and change which lines are hovered and pinned. Both sides are pinned together. */
export function pairChoice(view: EdgeState): CellChoice {
  const cell = (row: number | null, col: number | null): Cell | null =>
    row === null || col === null ? null : { row, col };
  const keys = ({ row, col }: Cell) => [view.rows[row]?.key ?? null, view.cols[col]?.key ?? null] as const;
  const pin = (to: Cell | null) => {
    [view.query.pinned, view.key.pinned] = to ? keys(to) : [null, null];
  };
  const choice: CellChoice = {
    get hovered() {
      return cell(placeOf(view.rows, view.query.hovered), placeOf(view.cols, view.key.hovered));
    },
    get pinned() {
      return cell(placeOf(view.rows, view.query.pinned), placeOf(view.cols, view.key.pinned));
    },
    get focus() {
      return cell(view.row, view.col);
    },
    hover(to) {
      const [query, key] = to ? keys(to) : [null, null];
      view.query.hover(query);
      view.key.hover(key);
    },
    toggle(to) {
      const { pinned } = choice;
      pin(pinned && pinned.row === to.row && pinned.col === to.col ? null : to);
    },
    movePin: pin,
  };
  return choice;
}
