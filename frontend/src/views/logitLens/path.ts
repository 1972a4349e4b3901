/** The target of one position through all stages, as lines of a small chart. */
import type { LensSource } from "./lensSource";

export interface PathPoint {
  /** Index of the stage. */
  stage: number;
  probability: number;
  rank: number;
}

/** From the embedding on; empty without a target, and where the position is not decoded. */
export function pathOf(source: LensSource, stages: number, position: number): PathPoint[] {
  const points = Array.from({ length: stages }, (_, stage) => ({
    stage,
    probability: Math.exp(source.targetLogProb(stage, position)),
    rank: source.rank(stage, position),
  }));
  return points.every(({ rank }) => !Number.isNaN(rank)) ? points : [];
}

/** Place of a rank on a logarithmic axis: 1, the likeliest token, is at 1, the last one of the vocabulary at 0. */
export function rankPlace(rank: number, vocabulary: number): number {
  return vocabulary > 1 ? 1 - Math.log(rank) / Math.log(vocabulary) : 1;
}

/** Ranks that an axis labels: 1, 10, 100 and so on, at most four, and the end if nothing is near it. */
export function rankTicks(vocabulary: number): number[] {
  const decades = Math.floor(Math.log10(Math.max(vocabulary, 1)));
  const step = Math.max(Math.ceil(decades / 3), 1);
  return Array.from({ length: Math.floor(decades / step) + 1 }, (_, i) => 10 ** (i * step));
}

/** Stages that an axis names so that names do not touch: the first and the last one among them. */
export function namedStages(count: number, room: number): number[] {
  const most = Math.max(Math.floor(room / 64), 2);
  const step = Math.max(Math.ceil((count - 1) / (most - 1)), 1);
  const named = Array.from({ length: Math.ceil((count - 1) / step) }, (_, i) => i * step);
  const last = count - 1;
  const before = named[named.length - 1];
  // the one before the last name would touch it
  if (before !== undefined && named.length > 1 && last - before < step) named.pop();
  return [...named, last];
}
