/** What readers can take from a figure of patching: the grid as a picture, all effects, and the call that shows the same. */
import { switchSettings } from "../../controls/switchSettings";
import type { Exports, Field } from "../../export/exports";
import { heatmapDrawing } from "../../heatmap/drawing";
import { describe, gridCaption, gridName } from "./descriptions";
import { metricAt } from "./effects";
import { gridHeatmap } from "./gridHeatmap";
import type { PatchingState } from "./patchingState.svelte";

export function patchingExports(view: PatchingState): Exports {
  const { props } = view;
  return {
    name: () => `patching ${gridName(view)}`,
    picture: (ink) => {
      const { pinned } = view.pin;
      const caption = pinned ? `${gridName(view)}: ${describe(view, pinned)}` : gridCaption(view);
      return heatmapDrawing({ ...gridHeatmap(view), caption, pinned }, ink);
    },
    load: () => view.loadAll(),
    table: () =>
      view.ready
        ? {
            columns: [
              ...["kind", "pair", "layer", "position", "head"],
              ...["clean_token", "corrupted_token", "effect", "metric"],
            ],
            rows: rows(view),
          }
        : null,
    call: props.call,
    shown: () => {
      const { pinned } = view.pin;
      const largest = Number(view.shownGrid.largest.toPrecision(6));
      return {
        settings: {
          focus: pinned && focusOf(view, pinned.row, pinned.col),
          ...switchSettings(view.transform),
          // of a single grid, the argument is its name
          ...(props.grids.length > 1 ? { kind: view.grid === 0 ? null : view.shownGrid.name } : {}),
          ...(view.ownEnds ? { min_value: -largest, max_value: largest } : {}),
        },
        choices: view.chosen > 0 && !pinned ? [`pair ${view.chosen - 1}`] : [],
      };
    },
  };
}

function focusOf({ props, shownGrid, chosen }: PatchingState, row: number, col: number) {
  const layer = props.layers[row] ?? row;
  return {
    ...(chosen > 0 && { sequence: chosen }),
    ...(shownGrid.columns === "head"
      ? { head: props.headNotation === "LH" ? `L${layer}H${col}` : `${layer}.${col}` }
      : { layer, position: props.positions[col] ?? col }),
  };
}

/** A row for each grid, pair and cell, as Python's `_export/patching_table.py` has them. */
function* rows(view: PatchingState): Iterable<Field[]> {
  const { grids, sequences, layers, positions, direction } = view.props;
  for (const [g, grid] of grids.entries()) {
    const byHead = grid.columns === "head";
    for (const [s, sequence] of sequences.entries()) {
      const matrix = view.matrixOf(g, s);
      if (!matrix) continue;
      const pair = sequences.length === 1 ? 0 : s === 0 ? null : s - 1;
      for (const [row, layer] of layers.entries())
        for (let col = 0; col < matrix.cols; col++) {
          const effect = matrix.at(row, col);
          yield [
            ...[grid.name, pair, layer, byHead ? null : (positions[col] ?? col), byHead ? col : null],
            byHead ? "" : (sequence.cleanTokens[col] ?? ""),
            byHead ? "" : (sequence.corruptedTokens[col] ?? ""),
            ...[effect, metricAt(sequence, direction, effect)],
          ];
        }
    }
  }
}
