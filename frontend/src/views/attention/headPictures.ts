/** A head as pixels, as the reader has chosen it. */
import { hiddenColumns } from "../../data/hidden";
import { lastColumn } from "../../data/slots";
import { headPicture, headThumbnail } from "../../heads/headPictures";
import { paint, type Raster } from "../../raster/paint";
import type { AttentionState } from "./attentionState.svelte";

/** The pixels of a head: full where it is decoded, else its preview. */
export function pictureOf(view: AttentionState, head: number, hued: boolean): Raster | null {
  const { source, slots } = view;
  const values = view.values(head);
  if (values && slots.collapsed)
    return view.without(
      paint(values.matrix, null, view.scale(head, hued), (row) => lastColumn(source.props, slots, row)),
      view.hiddenColumns(head),
    );
  if (values)
    return view.without(
      headPicture(source, head, values.matrix, view.type, view.scale(head, hued)),
      view.hiddenColumns(head),
    );
  return slots.collapsed ? null : thumbnailOf(view, head, hued);
}

/** A head's thumbnail, in which no span is collapsed. */
export function thumbnailOf(view: AttentionState, head: number, hued: boolean): Raster | null {
  const { source, hiding, slots } = view;
  const hidden = hiding.simple ? undefined : hiding.thumbnail(source, head, slots.cols);
  const preview = hidden?.preview ?? view.sequence.previews[head];
  const hue = hued && !view.signed ? view.hue(head) : undefined;
  const scale = view.scaleOf(view.range, hue);
  if (!preview) return null;
  const raster = headThumbnail(source, head, preview, view.type, scale);
  const wide = source.props.previewBlock[1];
  const blocks = Array.from({ length: raster.width }, (_, i) => ({ start: i * wide, end: (i + 1) * wide }));
  if (hidden) return view.without(raster, hiddenColumns(hidden.sources, blocks));
  const first = hiding.simple && hiding.hide === "first";
  return view.without(raster, first ? Uint8Array.of(1) : null);
}
