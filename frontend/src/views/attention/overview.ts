/** All heads blended in one picture: at once from the previews, then from the full data, head by head. */
import { collapse } from "../../data/collapse";
import { shareOfFirst } from "../../data/firstToken";
import { lastPreviewColumn } from "../../data/mask";
import type { Matrix } from "../../data/matrix";
import { lastColumn } from "../../data/slots";
import { Blend } from "../../raster/blend";
import type { Raster } from "../../raster/paint";
import { poolWeights } from "../../raster/paint";
import { whenIdle } from "../../browser/firstFrame";
import { startSlices } from "../../browser/slices";
import type { AttentionState } from "./attentionState.svelte";

/** Number of strongest heads that a cell's tooltip names. */
const NAMED = 3;

/** The picture of all heads, of their full data as soon as that is read. */
export function overviewOf(view: AttentionState): Raster | null {
  const { ranked, source, slots, range, palette } = view;
  if (ranked?.palette !== palette) return coarseOverview(view);
  return view.shown(ranked.blend.raster((row) => lastColumn(source.props, slots, row), view.scaleOf(range)));
}

/**
 * The blend of the previews, which is as exact as they are. Null while they are not decoded, and where spans are collapsed but a preview
 * does not show every cell.
 */
function coarseOverview(view: AttentionState): Raster | null {
  const { source, range, type, slots } = view;
  const { previews } = view.sequence;
  const [first] = previews;
  const [tall, wide] = source.props.previewBlock;
  if (!first || (slots.collapsed && tall * wide > 1)) return null;
  if (slots.collapsed) {
    const blend = new Blend(slots.rows.length, slots.cols.length, view.scaleOf(range), 1);
    previews.forEach((preview, head) => addCollapsed(blend, view, head, preview));
    return view.shown(blend.raster((row) => lastColumn(source.props, slots, row)));
  }
  const blend = new Blend(first.rows, first.cols, view.scaleOf(range), 1);
  previews.forEach((preview, head) => {
    const weights = source.weightsOf(type, head);
    blend.add(head, preview, weights && poolWeights(weights, source.props.previewBlock[1]), view.hue(head));
  });
  return view.shown(blend.raster((row) => lastPreviewColumn(source.props, row)));
}

/**
 * Blends the full data. It reads one head after another, so that not all of them are decoded at once, and sets the ranking of `view`,
 * unless it was cancelled.
 */
export async function rankHeads(view: AttentionState, cancelled: () => boolean): Promise<void> {
  const { source, range, palette, type, slots } = view;
  const [rows, cols] = [slots.rows.length, slots.cols.length];
  await whenIdle(); // thumbnails and tokens come first
  if (cancelled()) return;
  const hues = view.props.heads.map((_, head) => view.hue(head));
  const blend = new Blend(rows, cols, view.scaleOf(range), NAMED);
  const firstKeys = view.keysOf(0);
  let [shares, counted] = [0, 0];
  const yieldIfBusy = startSlices();
  for (const [head, hue] of hues.entries()) {
    const matrix = await source.read(head);
    if (cancelled()) return;
    const share = shareOfFirst(matrix, source.weightsOf(type, head), firstKeys);
    if (!Number.isNaN(share)) [shares, counted] = [shares + share, counted + 1];
    if (slots.collapsed) addCollapsed(blend, view, head, matrix);
    else blend.add(head, matrix, source.weightsOf(type, head), hue);
    await yieldIfBusy();
  }
  view.ranking = { source, type, slots, palette, blend, firstShare: shares / counted };
}

function addCollapsed(blend: Blend, view: AttentionState, head: number, matrix: Matrix): void {
  const { source, type, slots } = view;
  const collapsed = collapse(matrix, source.weightsOf(type, head), slots.rows, slots.cols);
  blend.add(head, collapsed, null, view.hue(head));
}
