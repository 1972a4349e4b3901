/** The content of a legend as plain data, for the page and for an export. */
import { css } from "../color/color";
import type { Tick, ValueColors } from "../color/scale";

export interface LegendInput {
  scale: ValueColors;
  /** Largest possible error of the scale's ends, which limits their digits: 0 where the ends are exact. */
  bound?: number;
  /** The name of the values, such as "attention probability A". */
  text: string;
  /** Whether there are masked cells, and missing values. */
  masked: boolean;
  missing: boolean;
  /** Whether the reader has hidden a column. */
  hidden?: boolean;
}

export interface LegendScene {
  text: string;
  /** CSS colors, evenly spaced along the bar. */
  gradient: string[];
  ticks: Tick[];
  /** Colors of cells without a value. */
  swatches: { color: string; name: string }[];
}

/** CSS pixels of the bar, of the line of ticks, of a swatch, and between the parts of a line. */
export const BAR = { width: 130, height: 10, top: 4 };
export const TICK_LINE = 15;
export const SWATCH = { side: 11, gap: 5 };
export const PART_GAP = 14;

/** Colors of the gradient: enough for it to look like the scale itself. */
const STOPS = 17;

export function legendScene({
  scale,
  bound = 0,
  text,
  masked,
  missing,
  hidden = false,
}: LegendInput): LegendScene {
  const { palette } = scale;
  return {
    text,
    gradient: scale.gradient(STOPS),
    ticks: scale.ticks(bound),
    swatches: [
      ...(masked ? [{ color: css(palette.masked), name: "masked" }] : []),
      ...(missing ? [{ color: css(palette.missing), name: "no value" }] : []),
      ...(hidden ? [{ color: css(palette.hidden), name: "hidden" }] : []),
    ],
  };
}
