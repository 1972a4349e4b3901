/** The map as a heatmap: rows are layers, columns the heads of a layer. */
import { hasColor } from "../../raster/hasColor";
import type { AxisLabels } from "../../heatmap/axisLabels";
import type { Cell, CellChoice } from "../../heatmap/cell";
import type { LegendInput } from "../../heatmap/legend";
import { paint, type Raster } from "../../raster/paint";
import { scoreName } from "./descriptions";
import type { ScoreMapState } from "./scoreMapState.svelte";

interface MapHeatmap {
  raster: Raster | null;
  rows: AxisLabels;
  cols: AxisLabels;
  legend: LegendInput;
}

export function mapHeatmap(view: ScoreMapState): MapHeatmap {
  const { matrix, props, scale } = view;
  const raster = matrix ? paint(matrix, null, scale, () => Infinity) : null;
  return {
    raster,
    rows: { labels: props.layers.map(String), title: "Layer", kind: "text" },
    cols: {
      labels: Array.from({ length: props.nHeads }, (_, head) => String(head)),
      title: "Head",
      kind: "text",
      upright: true,
    },
    legend: {
      scale,
      text: scoreName(view),
      masked: false,
      missing: hasColor(raster, view.palette.missing),
    },
  };
}

export function cellOf({ props }: ScoreMapState, head: number): Cell {
  return { row: Math.floor(head / props.nHeads), col: head % props.nHeads };
}

function headOf({ props }: ScoreMapState, { row, col }: Cell): number {
  return row * props.nHeads + col;
}

/** Lets the heatmap read and change which head is hovered and pinned. */
export function headChoice(view: ScoreMapState): CellChoice {
  const { pin } = view;
  const toCell = (head: number | null) =>
    head === null || head >= view.names.length ? null : cellOf(view, head);
  return {
    get hovered() {
      return toCell(pin.hovered);
    },
    get pinned() {
      return toCell(pin.pinned);
    },
    get focus() {
      return toCell(view.head);
    },
    hover: (cell) => pin.hover(cell && headOf(view, cell)),
    toggle: (cell) => pin.toggle(headOf(view, cell)),
    movePin: (cell) => (pin.pinned = headOf(view, cell)),
  };
}
