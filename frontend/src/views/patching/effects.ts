/** Effects and the metric that they are of, and a color scale that labels the effect 1. */
import type { ColorScale, Tick, ValueColors } from "../../color/scale";
import type { PatchingMapProps, PatchingSequence } from "../../props";
import { formatTick } from "../../text/number";

/** The metric of a run whose effect is so large; NaN where the metric of both unpatched runs is not known. */
export function metricAt(
  { clean, corrupted }: Pick<PatchingSequence, "clean" | "corrupted">,
  direction: PatchingMapProps["direction"],
  effect: number,
): number {
  if (clean === null || corrupted === null) return NaN;
  const [zero, one] = direction === "noise" ? [clean, corrupted] : [corrupted, clean];
  return zero + effect * (one - zero);
}

/** Share of the legend's bar that a label needs for itself. */
const LABEL = 0.18;

/** The colors of a scale, whose legend also labels 1 and -1 where they are inside of it and have room. */
export function withOne(scale: ColorScale): ValueColors {
  return {
    palette: scale.palette,
    pixel: (value) => scale.pixel(value),
    gradient: (count) => scale.gradient(count),
    ticks: (errorBound) => {
      const ticks = scale.ticks(errorBound);
      const ones = (scale.end > 1 ? [-1, 1] : []).map((value): Tick => {
        const place = (1 + Math.sign(value) * scale.strength(1)) / 2;
        return { value, place, text: formatTick(value) };
      });
      // ends and zero keep their labels; what else the scale labels gives way
      const kept = ticks.filter(
        ({ value, place }) =>
          value === 0 || Math.abs(value) === scale.end || ones.every((one) => apart(one.place, place)),
      );
      const free = ones.filter(({ place }) => kept.every((tick) => apart(tick.place, place)));
      return [...kept, ...free].sort((a, b) => a.place - b.place);
    },
  };
}

function apart(a: number, b: number): boolean {
  return Math.abs(a - b) >= LABEL;
}
