/** The logit, a component and a cell as sentences. The page shows them, and screen readers read them out. */
import { largestByMagnitude } from "../../data/largest";
import { ABSENCE_TEXTS } from "../../data/mask";
import type { Cell } from "../../state/selection.svelte";
import { tokenName } from "../../text/names";
import { formatValue, readable } from "../../text/number";
import { pinnedCaption } from "../../text/pinned";
import { plain } from "../../text/tokenText";
import type { AttributionState } from "./attributionState.svelte";

/** "1.2345": a cell's value, with the digits that its error bound allows. */
export function valueText(view: AttributionState, component: number | null, value: number): string {
  return formatValue(value, readable(view.errorBound(component), view.largestOf(component)));
}

/** What a component wrote in all. */
export function totalText(view: AttributionState, component: number, value: number): string {
  return amountText(view, value, view.totalBound(component));
}

/** A logit, or a term of it. All have the same number of decimals, as far as their error bounds allow. */
export function amountText(view: AttributionState, value: number, bound: number): string {
  return formatValue(value, readable(bound, view.largestTotal));
}

/** The name of the component on screen, or of the sum of all heads for null. */
export function shownName(view: AttributionState, component: number | null): string {
  return component === null ? "Sum of all shown heads" : view.nameOf(component);
}

/** The name of the component on screen, its total, and how to pin or release it. */
export function describeShown(view: AttributionState, component: number | null): string {
  if (component === null) return "Sum of all shown heads · hover a component, click to pin it";
  const value = view.values[component];
  const adds = value === undefined ? "" : `: ${totalText(view, component, value)}`;
  const name = `${view.nameOf(component)}${adds}`;
  return pinnedCaption(view.selection.head.isPinned(component), name, "click to pin it");
}

/** The logit whose components are shown. */
export function describeTarget(view: AttributionState): string {
  const { targets } = view.sequence.props;
  const { dest, source } = view;
  if (dest === null) {
    const [first] = targets;
    const same = targets.every((target) => target === first);
    return `Sum over ${source.dest} destinations${same && first !== undefined ? `, logit of ${plain(first)}` : ""}`;
  }
  return `Logit of ${plain(targets[dest] ?? "")} at ${destName(view, dest)}`;
}

export function destName(view: AttributionState, dest: number): string {
  return tokenName(view.source.props.destTokens, dest, view.source.props.destPositions);
}

/** One line for a cell; the value is the last number in it. */
export function describeCell(view: AttributionState, cell: Cell, component: number | null): string {
  const value = view.matrix(component)?.at(cell.dest, cell.src);
  const name = shownName(view, component);
  const text = value === undefined ? "…" : valueText(view, component, value);
  if (component !== null && view.isPart(component))
    return `${name}, destination ${destName(view, cell.dest)}: ${text}`;
  const where = `destination ${destName(view, cell.dest)} from source ${tokenName(view.source.srcTokens, cell.src)}`;
  const absence = view.absence(component, cell);
  return `${name}, ${where}: ${absence ? ABSENCE_TEXTS[absence] : text}`;
}

/** The sources that a component reads most from for a destination. */
export function describeDest(view: AttributionState, dest: number, component: number | null): string {
  const matrix = view.matrix(component);
  const { source } = view;
  if (!matrix || (component !== null && view.isPart(component))) return "";
  const values = Array.from({ length: source.src }, (_, src) => ({ src, value: matrix.at(dest, src) }));
  const strongest = largestByMagnitude(values, 3)
    .filter(({ value }) => value !== 0)
    .map(({ src, value }) => `${tokenName(source.srcTokens, src)} (${valueText(view, component, value)})`);
  const from = strongest.length > 0 ? `most from ${strongest.join(", ")}` : "nothing";
  return `${shownName(view, component)} at ${destName(view, dest)}: ${from}`;
}
