/** One query's numbers at every source: how its score becomes its attention. Pure. */
import { largestByMagnitude } from "../../data/largest";
import type { Weights } from "../../data/weights";
import { formatValue } from "../../text/number";
import type { HeadComputation } from "./computation";
import type { Order } from "./layout";

/** NaN where a source is masked, or where the computation has no such step. */
export interface QueryNumbers {
  dest: number;
  dot: Float64Array;
  addedTerm: Float64Array;
  /** dot + addedTerm; one of them alone if the other is null. */
  score: Float64Array;
  probability: Float64Array;
  /** What lines have: the probability, renormalized where that is chosen, times the source's relative norm for weighted attention. */
  weighted: Float64Array;
}

export function queryNumbers(
  computation: HeadComputation,
  weights: Weights | null,
  dest: number,
): QueryNumbers {
  const { attention, shown, dot, addedTerm } = computation;
  const n = attention.cols;
  const read = (at: (src: number) => number) => Float64Array.from({ length: n }, (_, src) => at(src));
  const probability = read((src) => attention.at(dest, src));
  const lines = shown ? read((src) => shown.at(dest, src)) : probability;
  const numbers: QueryNumbers = {
    dest,
    dot: read((src) => dot?.at(dest, src) ?? NaN),
    addedTerm: read((src) => addedTerm?.at(dest, src) ?? NaN),
    score: new Float64Array(n),
    probability,
    weighted: weights ? lines.map((value, src) => value * (weights[src] as number)) : lines,
  };
  numbers.score = numbers.dot.map(
    (value, src) => (dot ? value : 0) + (addedTerm ? (numbers.addedTerm[src] as number) : 0),
  );
  if (!dot && !addedTerm) numbers.score.fill(NaN);
  for (let src = 0; src < n; src++) if (isMasked(computation, numbers, src)) blank(numbers, src);
  return numbers;
}

/** Whether a source has no part in a query's attention: it has no score, or without any scores no probability. */
function isMasked(computation: HeadComputation, numbers: QueryNumbers, src: number): boolean {
  const known = computation.dot !== null || computation.addedTerm !== null;
  return Number.isNaN((known ? numbers.score : numbers.probability)[src]);
}

function blank(numbers: QueryNumbers, src: number): void {
  for (const values of [numbers.dot, numbers.addedTerm, numbers.score, numbers.probability, numbers.weighted])
    values[src] = NaN;
}

/** The values that sources are ordered by. */
export function orderValues(numbers: QueryNumbers, order: Order): Float64Array {
  return order === "score" ? numbers.score : numbers.weighted;
}

/** A term of a dot product, and the largest possible error of its value. */
export interface Term {
  dim: number;
  value: number;
  bound: number;
}

/** The terms q[i] * k[i] of largest magnitude, the largest first. */
export function largestTerms(computation: HeadComputation, dest: number, src: number, count: number): Term[] {
  const { queries, keys } = computation;
  if (!queries || !keys) return [];
  const terms = Array.from({ length: queries.length }, (_, dim) => ({
    dim,
    ...productOf(queries.at(dest, dim), queries.errorBound(dest), keys.at(src, dim), keys.errorBound(src)),
  }));
  return largestByMagnitude(terms, count);
}

/** One dimension of a product as text, with the digits that the encoding of both vectors allows. */
export function dimensionTexts(
  computation: HeadComputation,
  dest: number | null,
  src: number | null,
  dim: number,
): { q: string | null; k: string | null; product: string | null } {
  const { queries, keys } = computation;
  const [q, qBound] =
    dest === null || !queries ? [null, 0] : [queries.at(dest, dim), queries.errorBound(dest)];
  const [k, kBound] = src === null || !keys ? [null, 0] : [keys.at(src, dim), keys.errorBound(src)];
  const product = q === null || k === null ? null : productOf(q, qBound, k, kBound);
  return {
    q: q === null ? null : formatValue(q, qBound),
    k: k === null ? null : formatValue(k, kBound),
    product: product && formatValue(product.value, product.bound),
  };
}

/** The product of two rounded numbers, and its bound from theirs. */
function productOf(q: number, qBound: number, k: number, kBound: number): { value: number; bound: number } {
  return { value: q * k, bound: Math.abs(q) * kBound + Math.abs(k) * qBound + qBound * kBound };
}
