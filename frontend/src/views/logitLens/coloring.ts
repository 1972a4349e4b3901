/** What cells are colored by: the value of a cell, and the color of the value. */
import type { Palette } from "../../color/palette";
import { RankScale } from "../../color/rankScale";
import type { ValueColors } from "../../color/scale";
import { ColorScale } from "../../color/scale";
import type { LensValue, LogitLensProps } from "../../props";
import type { LensSource } from "./lensSource";

export const VALUES: readonly { value: LensValue; text: string; legend: string }[] = [
  { value: "top", text: "top token", legend: "Probability of the top token" },
  { value: "target", text: "target", legend: "Probability of the target" },
  { value: "rank", text: "rank", legend: "Rank of the target, 1 for the likeliest token" },
  { value: "entropy", text: "entropy", legend: "Entropy of the distribution, in nats" },
  {
    value: "divergence",
    text: "KL",
    legend: "D_KL(last layer || layer), in nats: 0 where both predict the same",
  },
];

export function legendOf(value: LensValue): string {
  return VALUES.find((one) => one.value === value)?.legend ?? "";
}

/** NaN where there is none. */
export function valueOf(source: LensSource, value: LensValue, stage: number, position: number): number {
  if (value === "top") return Math.exp(source.topLogProb(stage, position));
  if (value === "target") return Math.exp(source.targetLogProb(stage, position));
  if (value === "rank") return source.rank(stage, position);
  return value === "entropy" ? source.entropy(stage, position) : source.divergence(stage, position);
}

/** The colors of a figure's cells. Their ends are the same for all of its sequences. */
export function scaleOf(props: LogitLensProps, value: LensValue, palette: Palette): ValueColors {
  if (value === "rank") return new RankScale(props.dVocab, palette, "first");
  if (value === "entropy") return new ColorScale([0, Math.log(props.dVocab) || 1], palette);
  return new ColorScale([0, value === "divergence" ? props.largestDivergence || 1 : 1], palette);
}
