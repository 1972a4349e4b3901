/** A head of a sequence as pixels: from its full data, or from its preview as a thumbnail. */
import type { ColorScale } from "../color/scale";
import { lastPreviewColumn, lastSource } from "../data/mask";
import type { Matrix } from "../data/matrix";
import type { Source } from "../data/source";
import type { AttentionType } from "../props";
import type { Raster } from "../raster/paint";
import { paint, poolWeights } from "../raster/paint";

export function headPicture(
  source: Source,
  head: number,
  matrix: Matrix,
  type: AttentionType,
  scale: ColorScale,
): Raster {
  const weights = source.weightsOf(type, head);
  return paint(matrix, weights, scale, (dest) => lastSource(source.props, dest));
}

export function headThumbnail(
  source: Source,
  head: number,
  preview: Matrix,
  type: AttentionType,
  scale: ColorScale,
): Raster {
  const weights = source.weightsOf(type, head);
  const pooled = weights && poolWeights(weights, source.props.previewBlock[1]);
  return paint(preview, pooled, scale, (row) => lastPreviewColumn(source.props, row));
}
