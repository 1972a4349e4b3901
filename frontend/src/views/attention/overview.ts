/** All heads blended in one picture: at once from the previews, then from the full data, head by head. */
import { collapse } from "../../data/collapse";
import { hiddenColumns, hiddenShare } from "../../data/hidden";
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
  const raster = ranked.blend.raster((row) => lastColumn(source.props, slots, row), view.scaleOf(range));
  return view.without(raster, view.hiddenColumns(null));
}

/**
 * The blend of the previews, which is as exact as they are. Null while they are not decoded, where spans are collapsed but a preview
 * does not show every cell, and where what is hidden depends on values.
 */
function coarseOverview(view: AttentionState): Raster | null {
  const { source, range, type, slots } = view;
  const { previews } = view.sequence;
  const [first] = previews;
  const [tall, wide] = source.props.previewBlock;
  if (!first || (slots.collapsed && tall * wide > 1) || !view.hiding.simple) return null;
  if (slots.collapsed) {
    const blend = new Blend(slots.rows.length, slots.cols.length, view.scaleOf(range), 1);
    previews.forEach((preview, head) => addCollapsed(blend, view, head, preview));
    const raster = blend.raster((row) => lastColumn(source.props, slots, row));
    return view.without(raster, view.hiddenColumns(null));
  }
  const blend = new Blend(first.rows, first.cols, view.scaleOf(range), 1);
  previews.forEach((preview, head) => {
    const weights = source.weightsOf(type, head);
    blend.add(head, preview, weights && poolWeights(weights, source.props.previewBlock[1]), view.hue(head));
  });
  const raster = blend.raster((row) => lastPreviewColumn(source.props, row));
  return view.without(raster, view.hiding.hide === null ? null : Uint8Array.of(1));
}

/**
 * Blends the full data. It reads one head after another, so that not all of them are decoded at once, and sets the ranking of `view`,
 * unless it was cancelled. Where each head costs a request, the blend of the previews stays, if there is one.
 */
export async function rankHeads(view: AttentionState, cancelled: () => boolean): Promise<void> {
  const { source, range, palette, type, slots, hiding } = view;
  if (source.far && coarseOverview(view)) return;
  const [rows, cols] = [slots.rows.length, slots.cols.length];
  const choice = hiding.choiceOfValues;
  await whenIdle(); // thumbnails and tokens come first
  if (cancelled()) return;
  const hues = view.props.heads.map((_, head) => view.hue(head));
  const blend = new Blend(rows, cols, view.scaleOf(range), NAMED);
  const first = new Uint8Array(source.src).fill(1, 0, view.keysOf(0));
  const columns = new Uint8Array(cols).fill(1);
  let [shares, counted, heads] = [0, 0, 0];
  const yieldIfBusy = startSlices();
  for (const [head, hue] of hues.entries()) {
    const matrix = await source.read(head);
    if (cancelled()) return;
    const hidden = choice ? hiding.keep(source, head, matrix, slots.cols) : null;
    const sources = hidden?.sources ?? first;
    hiddenColumns(sources, slots.cols).forEach((mark, col) => (columns[col] &&= mark));
    if (sources.includes(1)) heads++;
    const share = hiddenShare(matrix, source.weightsOf(type, head), sources);
    if (!Number.isNaN(share)) [shares, counted] = [shares + share, counted + 1];
    const values = hidden?.values ?? matrix;
    if (slots.collapsed) addCollapsed(blend, view, head, values);
    else blend.add(head, values, source.weightsOf(type, head), hue);
    await yieldIfBusy();
  }
  const hidden = { columns, heads, share: shares / counted };
  view.ranking = { source, type, slots, palette, blend, choice, hidden };
}

/**
 * Reads all heads for what is drawn and chosen now; returns what stops it. For effects, which run again when any of that changes.
 * @param what could not be decoded, for an error
 */
export function startReading(
  view: AttentionState,
  read: (view: AttentionState, cancelled: () => boolean) => Promise<void>,
  what: string,
): (() => void) | undefined {
  void [view.source, view.type, view.slots, view.palette, view.hiding.choiceOfValues];
  if (view.sequence.previews.length === 0) return undefined;
  let stopped = false;
  read(view, () => stopped).catch(
    (error: unknown) => (view.sequence.error = `${what} could not be decoded: ${String(error)}`),
  );
  return () => (stopped = true);
}

/** Reads all heads for their thumbnails, where what is hidden depends on values. Stops if it was cancelled. */
export async function readThumbnails(view: AttentionState, cancelled: () => boolean): Promise<void> {
  const { source, slots, hiding } = view;
  if (hiding.simple) return;
  await whenIdle();
  const yieldIfBusy = startSlices();
  for (let head = 0; head < source.heads; head++) {
    if (cancelled()) return;
    const matrix = await source.read(head);
    if (cancelled()) return;
    hiding.keep(source, head, matrix, slots.cols);
    await yieldIfBusy();
  }
}

function addCollapsed(blend: Blend, view: AttentionState, head: number, matrix: Matrix): void {
  const { source, type, slots } = view;
  const collapsed = collapse(matrix, source.weightsOf(type, head), slots.rows, slots.cols);
  blend.add(head, collapsed, null, view.hue(head));
}
