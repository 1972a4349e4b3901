/** The total of each component, and which totals are shown as bars. Pure. */
import { largestByMagnitude } from "../../data/largest";
import { loadVectors, type Vectors } from "../../data/vectors";
import type { AttributionSequence } from "../../props";

export interface Totals {
  /** One row per component, one number per destination: heads first, then the parts. */
  components: Vectors;
  /** One row: the logit of each destination. */
  whole: Vectors;
}

export async function loadTotals(sequence: AttributionSequence): Promise<Totals> {
  const [components, whole] = await Promise.all([
    loadVectors(sequence.componentTotals),
    loadVectors(sequence.total),
  ]);
  return { components, whole };
}

/** A component's number at a destination; for null the sum over all destinations. */
export function totalOf(vectors: Vectors, row: number, dest: number | null): number {
  if (dest !== null) return vectors.at(row, dest);
  return vectors.row(row).reduce((sum, value) => sum + value, 0);
}

export interface Bar {
  component: number;
  value: number;
}

export type BarOrder = "size" | "model";

export interface BarChoice {
  order: BarOrder;
  /** How many bars at most, the largest ones; null for all. */
  count: number | null;
  /** Whether components below the share `NEGLIGIBLE` of the largest one are left out. */
  hideSmall: boolean;
}

/** Share of the largest magnitude below which a component is near zero. */
export const NEGLIGIBLE = 0.01;

/** The bars to show, and the number of components without one. */
export function barsOf(values: number[], choice: BarChoice): { bars: Bar[]; hidden: number } {
  const all = values.map((value, component) => ({ component, value }));
  const bySize = largestByMagnitude(all);
  const least = choice.hideSmall ? NEGLIGIBLE * Math.abs(bySize[0]?.value ?? 0) : 0;
  const shown = bySize.slice(0, choice.count ?? all.length).filter(({ value }) => Math.abs(value) >= least);
  if (choice.order === "model") shown.sort((a, b) => a.component - b.component);
  return { bars: shown, hidden: all.length - shown.length };
}
