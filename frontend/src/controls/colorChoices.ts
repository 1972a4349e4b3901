/** What a reader has chosen at the switches of colors, in words. */
import type { TransformName } from "../color/transform";

const TRANSFORMS: Record<TransformName, string | null> = {
  linear: null,
  sqrt: "square root colors",
  log: "logarithmic colors",
};

export function colorChoices(transform: TransformName, withoutFirst = false): string[] {
  const colors = TRANSFORMS[transform];
  return [...(colors ? [colors] : []), ...(withoutFirst ? ["without the first token"] : [])];
}
