/** The computation of one source's attention as text, step by step. */
import { boundOf, largestOf } from "../../data/bounds";
import type { AttentionType } from "../../props";
import { formatValue, readable } from "../../text/number";
import type { LinesState } from "./linesState.svelte";
import type { QueryNumbers } from "./queryNumbers";

/** A step of a computation: its name, and its number. */
export interface Step {
  name: string;
  text: string;
}

/** How the score of a source becomes its attention, step by step, as the page writes it. */
export function steps(state: LinesState, numbers: QueryNumbers, src: number): Step[] {
  const { drawn, type } = state;
  if (!drawn || Number.isNaN(numbers.probability[src])) return [];
  const { computation, source, head } = drawn;
  const { dot, addedTerm, divisor, addedTermName } = computation.props;
  const list: Step[] = [];
  const add = (name: string, value: number, bound: number, largest: number) =>
    list.push({ name, text: formatValue(value, readable(bound, largest)) });
  const [dotBound, dotLargest] = dot ? [boundOf(dot), largestOf(dot)] : [0, 0];
  if (dot && divisor !== null) {
    add("q·k", (numbers.dot[src] as number) * divisor, dotBound * divisor, dotLargest * divisor);
    add(`÷ ${divisorText(divisor)}`, numbers.dot[src] as number, dotBound, dotLargest);
  }
  if (addedTerm) {
    const largest = Math.max(dotLargest, largestOf(addedTerm));
    if (dot) add(`+ ${addedTermName ?? ""}`, numbers.addedTerm[src] as number, boundOf(addedTerm), largest);
    add(dot ? "= score" : "score", numbers.score[src] as number, dotBound + boundOf(addedTerm), largest);
  }
  const bound = (type: AttentionType) => source.errorBound(type, head);
  add("probability", numbers.probability[src] as number, bound("standard"), source.largest(head));
  const hidden = state.hiding.renormalizes ? state.hidden : null;
  if (hidden?.sources[src]) list.push({ name: "renormalized", text: "hidden, and not counted" });
  else {
    const value = computation.shown?.at(numbers.dest, src) ?? NaN;
    const lines = state.boundOfLines(source, head, numbers.dest, value);
    const largest = hidden ? 1 : source.largest(head);
    if (hidden) add("renormalized", value, lines, largest);
    if (state.weights) add(type, numbers.weighted[src] as number, lines, largest);
  }
  return list;
}

/** "√8", "8" or "2.5": what q·k is divided by. */
export function divisorText(divisor: number): string {
  const square = Math.round(divisor * divisor);
  const isRoot = Math.abs(Math.sqrt(square) - divisor) < 1e-6 * divisor;
  return isRoot && !Number.isInteger(divisor) ? `√${square}` : String(Number(divisor.toPrecision(4)));
}
