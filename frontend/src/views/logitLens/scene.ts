/** What is drawn of the grid: the cells in sight with their texts and colors, labels, and what is in focus. */
import type { Rgb } from "../../color/color";
import { unpack } from "../../color/color";
import type { ValueColors } from "../../color/scale";
import type { Cell } from "../../heatmap/cell";
import { valueOf } from "./coloring";
import type { GridView } from "./grid";
import { inSight } from "./grid";
import type { LensState } from "./lensState.svelte";

export interface CellScene extends Cell {
  /** Index of the likeliest token in the vocabulary; null while the position is not decoded. */
  token: number | null;
  /** Whether it is the target. */
  hit: boolean;
  color: Rgb;
}

/** A label over or under a column: a token, with the number of its position. */
export interface ColumnLabel {
  col: number;
  number: number | null;
  text: string | null;
}

export interface GridScene {
  view: GridView;
  cells: CellScene[];
  vocabulary: readonly string[];
  /** Names of the rows in sight. */
  rows: { row: number; text: string }[];
  /** Targets, above; tokens of the text, below. */
  above: ColumnLabel[];
  below: ColumnLabel[];
  /** The cell that is hovered or pinned, and the column of the chart. */
  focus: Cell | null;
  pinned: boolean;
  column: number;
}

/** Asks for the positions in sight that are not decoded, and for those beside them. */
export function gridScene(lens: LensState, view: GridView, scale: ValueColors): GridScene {
  const { top, bottom, left, right } = inSight(view);
  const { props, choice } = lens;
  const size = lens.source.size;
  const asked = range(Math.max(left - size, 0), Math.min(right + size, view.cols));
  const source = lens.reading(asked);
  const { sequence } = source;
  const cells: CellScene[] = [];
  for (let row = top; row < bottom; row++) {
    const stage = lens.stageOf(row);
    for (let col = left; col < right; col++) {
      const token = source.top(stage, col);
      const known = !Number.isNaN(token);
      cells.push({
        row,
        col,
        token: known ? token : null,
        hit: known && token === sequence.targets[col],
        color: unpack(scale.pixel(valueOf(source, lens.value, stage, col))),
      });
    }
  }
  const columns = range(left, right);
  return {
    view,
    cells,
    vocabulary: props.vocabulary,
    rows: range(top, bottom).map((row) => ({ row, text: props.stages[lens.stageOf(row)] ?? "" })),
    above: columns.map((col) => ({ col, number: null, text: targetText(lens, col) })),
    below: columns.map((col) => ({
      col,
      number: sequence.positions[col] ?? null,
      text: sequence.tokens[col] ?? "",
    })),
    focus: choice.focus,
    pinned: choice.pinned !== null,
    column: lens.column,
  };
}

/** The target of a column; null where it has none. */
export function targetText(lens: LensState, col: number): string | null {
  const target = lens.source.sequence.targets[col] ?? -1;
  return target < 0 ? null : (lens.props.vocabulary[target] ?? "");
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(to - from, 0) }, (_, i) => from + i);
}
