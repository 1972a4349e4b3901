/** The heatmap of a component or of the sum of all heads: its pixels, axes and legend, of all values or of those of one sign. */
import type { Signs } from "../../color/scale";
import { destAxis, srcAxis } from "../../heads/patternHeatmap";
import type { AxisLabels } from "../../heatmap/axisLabels";
import type { LegendInput } from "../../heatmap/legend";
import { hasColor } from "../../raster/hasColor";
import type { Raster } from "../../raster/paint";
import type { AttributionState } from "./attributionState.svelte";

/** The only column of a part. */
const NO_SOURCE: AxisLabels = { labels: [""], title: "it reads no source", kind: "text" };
const TITLES: Record<Signs, string> = { both: "", positive: "What adds", negative: "What takes away" };

interface AttributionHeatmap {
  raster: Raster | null;
  rows: AxisLabels;
  cols: AxisLabels;
  legend: LegendInput;
}

export function attributionHeatmap(
  view: AttributionState,
  component: number | null,
  sign: Signs,
): AttributionHeatmap {
  const part = component !== null && view.isPart(component);
  const raster = view.picture(component, sign);
  const { props } = view.source;
  const own = view.isOwnScale(component);
  return {
    raster,
    rows: destAxis(props),
    cols: part ? NO_SOURCE : srcAxis(props),
    legend: {
      scale: view.colorScale(component, sign),
      bound: own ? view.errorBound(component) : 0,
      text: own ? "logits, on a scale of its own" : "logits, one scale for all heads",
      masked: !part && hasColor(raster, view.palette.masked),
      missing: hasColor(raster, view.palette.missing),
    },
  };
}

/** A caption that says which values are shown. */
export function signed(sign: Signs, caption: string): string {
  return TITLES[sign] ? `${TITLES[sign]} · ${caption}` : caption;
}
