/** The color scales of the lines view. Their ends leave out a few outlying dimensions, which would make all others pale. */
import type { Palette } from "../../color/palette";
import type { Range } from "../../color/scale";
import { ColorScale } from "../../color/scale";
import type { TransformName } from "../../color/transform";
import type { Vectors } from "../../data/vectors";
import type { HeadComputation } from "./computation";

/** Share of the numbers within the scale. Those beyond it have the full color. */
const WITHIN = 0.99;
/** Numbers that are looked at to find it. */
const SAMPLED = 16384;

export interface ScaleEnds {
  /** Magnitude of q and k at the full color. */
  vector: number;
  /** Magnitude of q × k at the full color. */
  product: number;
  /** Largest possible errors of both. */
  vectorBound: number;
  productBound: number;
}

/** The scales of a picture. Null where q and k are not known. */
export interface ColorScales {
  /** Lengths of bars, which no transform changes, and opacity of lines. */
  attention: ColorScale;
  /** Of q and k. */
  vector: ColorScale | null;
  product: ColorScale | null;
}

export function colorScales(
  range: Range,
  ends: ScaleEnds | null,
  palette: Palette,
  transform: TransformName = "linear",
): ColorScales {
  const signed = (end: number) => new ColorScale([-end, end], palette);
  return {
    attention: new ColorScale(range, palette, { transform }),
    vector: ends && signed(ends.vector),
    product: ends && signed(ends.product),
  };
}

export function scaleEnds(computation: HeadComputation): ScaleEnds | null {
  const { queries, keys, attention } = computation;
  if (!queries || !keys) return null;
  const vector = quantile([...sample(queries), ...sample(keys)]);
  const [q, k] = [largestBound(queries), largestBound(keys)];
  const products: number[] = [];
  const step = Math.max(1, Math.round((attention.rows * attention.cols * queries.length) / SAMPLED));
  for (let i = 0; i < attention.rows * attention.cols * queries.length; i += step) {
    const cell = Math.floor(i / queries.length);
    const dest = Math.floor(cell / attention.cols);
    const src = cell % attention.cols;
    // Without adding the cell, a step that divides d_head would sample only a few dimensions.
    const dim = (i + cell) % queries.length;
    if (!attention.masked(dest, src)) products.push(Math.abs(queries.at(dest, dim) * keys.at(src, dim)));
  }
  const product = quantile(products);
  return { vector, product, vectorBound: Math.max(q, k), productBound: 2 * vector * Math.max(q, k) };
}

/** The largest error bound of all vectors. */
function largestBound(vectors: Vectors): number {
  let bound = 0;
  for (let i = 0; i < vectors.count; i++) bound = Math.max(bound, vectors.errorBound(i));
  return bound;
}

/** Magnitudes of evenly spaced numbers of all vectors. */
function sample(vectors: Vectors): number[] {
  const step = Math.max(1, Math.floor((vectors.count * vectors.length) / SAMPLED) | 1);
  const magnitudes: number[] = [];
  for (let i = 0; i < vectors.count * vectors.length; i += step) {
    magnitudes.push(Math.abs(vectors.at(Math.floor(i / vectors.length), i % vectors.length)));
  }
  return magnitudes;
}

/** Magnitude that WITHIN of the values do not exceed; 1 where all are zero. */
function quantile(magnitudes: number[]): number {
  const sorted = Float64Array.from(magnitudes).sort();
  return sorted[Math.floor((sorted.length - 1) * WITHIN)] || sorted[sorted.length - 1] || 1;
}
