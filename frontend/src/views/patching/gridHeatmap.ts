/** A grid as a heatmap: rows are layers, columns positions or heads. */
import type { AxisLabels } from "../../heatmap/axisLabels";
import type { LegendInput } from "../../heatmap/legend";
import type { PatchingMapProps, PatchingSequence } from "../../props";
import { hasColor } from "../../raster/hasColor";
import { paint, type Raster } from "../../raster/paint";
import { legendText, tokenText } from "./descriptions";
import { withOne } from "./effects";
import type { PatchingState } from "./patchingState.svelte";

interface GridHeatmap {
  raster: Raster | null;
  rows: AxisLabels;
  cols: AxisLabels;
  /** The columns of all pairs, in the place of `cols`. */
  allCols: AxisLabels[];
  legend: LegendInput;
}

export function gridHeatmap(view: PatchingState): GridHeatmap {
  const { matrix, props, scale, sequence } = view;
  const raster = matrix ? paint(matrix, null, scale, () => Infinity) : null;
  const byHead = view.shownGrid.columns === "head";
  const axisOf = (shown: PatchingSequence) => (byHead ? headAxis(view.cols) : positionAxis(props, shown));
  return {
    raster,
    rows: { labels: props.layers.map(String), title: "Layer", kind: "text" },
    cols: axisOf(sequence),
    allCols: props.sequences.map(axisOf),
    legend: {
      scale: withOne(scale),
      text: legendText(view),
      masked: false,
      missing: hasColor(raster, view.palette.missing),
    },
  };
}

function headAxis(count: number): AxisLabels {
  return { labels: Array.from({ length: count }, (_, head) => String(head)), title: "Head", kind: "text" };
}

/** Columns that all have labels where cells are large; of more columns, those at which the prompts differ have one in any case. */
const FEW = 24;
/** Columns between two such labels. */
const APART = 8;

/** Positions with the clean token; where the prompts differ, with both: "·Mary/·John". */
export function positionAxis(
  { positions }: Pick<PatchingMapProps, "positions">,
  { cleanTokens, corruptedTokens }: Pick<PatchingSequence, "cleanTokens" | "corruptedTokens">,
): AxisLabels {
  const shown = cleanTokens.length > 0 ? cleanTokens : corruptedTokens;
  if (shown.length === 0) return { labels: positions.map(String), title: "Position", kind: "text" };
  const other = corruptedTokens.length > 0 ? corruptedTokens : shown;
  const differs = (index: number) => shown[index] !== other[index];
  const names = new Set<number>();
  let last = -APART;
  const labels = positions.map((position, index) => {
    const both = `${tokenText(shown[index])}/${tokenText(other[index])}`;
    if (!differs(index)) return tokenText(shown[index]);
    if (positions.length <= FEW || index - last < APART) return both;
    last = index;
    names.add(index);
    return `${position} ${both}`; // a label that is always there has no number of its own
  });
  const title = shown.some((_, index) => differs(index)) ? "Position (clean/corrupted token)" : "Position";
  return { labels, positions, title, kind: "text", names };
}
