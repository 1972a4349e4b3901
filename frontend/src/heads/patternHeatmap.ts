/** A head's matrix [destination, source] as a heatmap: its axes, and its hovered and pinned cell. */
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
