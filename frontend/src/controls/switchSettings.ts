/** What a reader has chosen at the switches of colors, as arguments of the call that made the figure. */
import type { TransformName } from "../color/transform";
import type { PythonValue } from "../export/exports";
import type { Hiding } from "../state/hiding.svelte";

export function switchSettings(transform: TransformName, hiding?: Hiding): Record<string, PythonValue> {
  const color_scale = transform === "linear" ? null : transform;
  if (!hiding) return { color_scale };
  return { color_scale, hide: hiding.hide, renormalize: hiding.renormalizes ? true : null };
}
