/** Cells, grids and the metric in words. */
import type { Cell } from "../../heatmap/cell";
import { cut, isolated } from "../../text/names";
import { formatTick } from "../../text/number";
import { pinnedStatus } from "../../text/pinned";
import { plain } from "../../text/tokenText";
import type { PatchingState } from "./patchingState.svelte";

/** Characters of a token, and of a grid's name, in a sentence. */
const [LONGEST_TOKEN, LONGEST_NAME] = [24, 60];

/** A token in a sentence; one that differs between the pairs of a mean has no text. */
export function tokenText(token: string | null | undefined): string {
  return token == null ? "…" : isolated(cut(plain(token), LONGEST_TOKEN));
}

/** What was measured, and what 0 and 1 are. Python's `_export/patching_svg.py` writes the same. */
export function legendText({ props, sequence }: PatchingState): string {
  const start = props.metric === null ? "Effect" : `Effect on the ${plain(props.metric)}`;
  if (props.direction === null) return start;
  const runs: [string, number | null][] = [
    ["corrupted", sequence.corrupted],
    ["clean", sequence.clean],
  ];
  const [zero, one] = (props.direction === "denoise" ? runs : runs.reverse()).map(
    ([name, number]) => `${name} run${number === null ? "" : ` (${formatTick(number)})`}`,
  );
  return `${start}: 0 is the ${zero}, 1 the ${one}`;
}

export function gridName({ shownGrid }: PatchingState): string {
  return cut(plain(shownGrid.name), LONGEST_NAME);
}

/** "resid_pre: residual stream before the layer" */
export function gridCaption(view: PatchingState): string {
  const { title } = view.shownGrid;
  return title ? `${gridName(view)}: ${title}` : gridName(view);
}

/** "Head 9.6", or "Layer 3, position 7 ·Mary (corrupted ·John)". */
export function cellName({ props, shownGrid, sequence }: PatchingState, { row, col }: Cell): string {
  const layer = props.layers[row] ?? row;
  if (shownGrid.columns === "head")
    return `Head ${props.headNotation === "LH" ? `L${layer}H${col}` : `${layer}.${col}`}`;
  const place = `Layer ${layer}, position ${props.positions[col] ?? col}`;
  const { cleanTokens, corruptedTokens } = sequence;
  const token = (cleanTokens.length > 0 ? cleanTokens : corruptedTokens)[col];
  if (token === undefined) return place;
  const other = corruptedTokens.length > 0 ? corruptedTokens[col] : token;
  if (token === null && other === null) return place;
  return token === other
    ? `${place} ${tokenText(token)}`
    : `${place} ${tokenText(token)} (corrupted ${tokenText(other)})`;
}

/** "Layer 3, position 7 ·Mary: effect 0.8312, metric 2.3100" */
export function describe(view: PatchingState, cell: Cell): string {
  const effect = view.effect(cell);
  const metric = view.metricText(effect);
  return `${cellName(view, cell)}: effect ${view.text(effect)}${metric === null ? "" : `, metric ${metric}`}`;
}

export function describeFocus(view: PatchingState): string {
  const { focus, pinned } = view.pin;
  return focus
    ? pinnedStatus(pinned !== null, describe(view, focus))
    : "Hover a cell for its effect, click to pin it.";
}
