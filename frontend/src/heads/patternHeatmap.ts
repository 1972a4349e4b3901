/** A head's matrix [destination, source] as a heatmap: its axes, and its hovered and pinned cell. */
import type { Slot, Slots } from "../data/slots";
import { spanLabel } from "../data/slots";
import type { AxisLabels } from "../heatmap/axisLabels";
import { tokenAxis } from "../heatmap/axisLabels";
import type { Cell as HeatmapCell, CellChoice } from "../heatmap/cell";
import type { AttentionSequence } from "../props";
import type { HoverPin } from "../state/hoverPin.svelte";
import type { Cell } from "../state/selection.svelte";

type Tokens = Pick<AttentionSequence, "destTokens" | "srcTokens" | "destPositions">;

/** Rows: the destinations of a sequence. */
export function destAxis({ destTokens, destPositions }: Tokens): AxisLabels {
  return tokenAxis("Destination (query)", destTokens, destPositions);
}

/** Columns: the sources of a sequence. */
export function srcAxis({ destTokens, srcTokens }: Tokens): AxisLabels {
  return tokenAxis("Source (key)", srcTokens ?? destTokens);
}

/** The axes of slots: of tokens, and of collapsed spans by their names. */
export function slotAxes(
  sequence: Tokens,
  { rows, cols, collapsed }: Slots,
): { rows: AxisLabels; cols: AxisLabels } {
  const axes = { rows: destAxis(sequence), cols: srcAxis(sequence) };
  return collapsed ? { rows: slotAxis(axes.rows, rows), cols: slotAxis(axes.cols, cols) } : axes;
}

function slotAxis(axis: AxisLabels, slots: readonly Slot[]): AxisLabels {
  return {
    ...axis,
    labels: slots.map((slot) => (slot.name === null ? (axis.labels[slot.start] ?? "") : spanLabel(slot))),
    positions: slots.map(({ start }) => axis.positions?.[start] ?? start),
    names: new Set(slots.flatMap(({ name }, index) => (name === null ? [] : [index]))),
  };
}

/** Destination and source of a heatmap's cell. */
export function toCell({ row, col }: HeatmapCell): Cell {
  return { dest: row, src: col };
}

/** Lets a heatmap read and change which (destination, source) is hovered and pinned. */
export function cellChoice(cells: HoverPin<Cell>): CellChoice {
  const toHeatmap = (cell: Cell | null) => cell && { row: cell.dest, col: cell.src };
  return {
    get hovered() {
      return toHeatmap(cells.hovered);
    },
    get pinned() {
      return toHeatmap(cells.pinned);
    },
    get focus() {
      return toHeatmap(cells.focus);
    },
    hover: (cell) => cells.hover(cell && toCell(cell)),
    toggle: (cell) => cells.toggle(toCell(cell)),
    movePin: (cell) => (cells.pinned = toCell(cell)),
  };
}
