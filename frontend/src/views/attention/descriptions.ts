/** Heads, cells and tokens of the attention views as sentences. The page shows them, and screen readers read them out. */
import { largestByMagnitude } from "../../data/largest";
import { ABSENCE_TEXTS } from "../../data/mask";
import { headName, tokenName } from "../../text/names";
import { formatValue } from "../../text/number";
import { pinnedCaption } from "../../text/pinned";
import type { Cell } from "../../state/selection.svelte";
import type { AttentionState } from "./attentionState.svelte";

/** Which head the picture shows, and how to pin or release it. */
export function describeShown(state: AttentionState, shown: number | null): string {
  if (shown === null) return "All heads · hover one, click to pin it";
  const name = nameOf(state, shown);
  if (state.props.heads.length === 1) return name;
  return pinnedCaption(state.selection.head.isPinned(shown), name, "click its thumbnail to pin it");
}

/** "Head 9.6". */
export function nameOf(state: AttentionState, head: number): string {
  return headName(state.props.heads[head]?.name ?? "");
}

/** One line for a cell; the value is the last number in it, with its exponent. */
export function describeCell(state: AttentionState, cell: Cell, head: number | null): string {
  const where = `destination ${destName(state, cell.dest)} to source ${srcName(state, cell.src)}`;
  const absence = state.absence(head, cell);
  if (absence === "masked" || (absence && head === null)) return `${where}: ${ABSENCE_TEXTS[absence]}`;
  if (head !== null)
    return `${nameOf(state, head)}, ${where}: ${valueText(state, head, state.value(head, cell))}`;
  const [best] = state.topHeads(cell);
  return best
    ? `${where}: strongest ${nameOf(state, best.head)}, ${valueText(state, best.head, best.value)}`
    : `${where}: …`;
}

/** A value of a head, with the digits that the head's error bound allows; "…" while it is not decoded. */
export function valueText(state: AttentionState, head: number, value: number | undefined): string {
  return value === undefined ? "…" : formatValue(value, state.errorBound(head));
}

/** What the chosen token of the strip attends to most, or what attends most to it. */
export function describeToken(state: AttentionState, position: number, head: number | null): string {
  const [start, nameOther] =
    state.selection.direction === "dest"
      ? [`destination ${destName(state, position)} attends most to`, srcName]
      : [`source ${srcName(state, position)} is attended to most by`, destName];
  const strongest = largestByMagnitude(
    state.valuesOfToken(position, head).map((placed, index) => ({ index, ...placed })),
    3,
  ).filter(({ value }) => value !== 0);
  const which = head === null ? "Strongest of all heads" : nameOf(state, head);
  if (strongest.length === 0) return `${which}: ${start} nothing`;
  const others = strongest.map(
    ({ index, head, value }) => `${nameOther(state, index)} (${valueText(state, head, value)})`,
  );
  return `${which}: ${start} ${others.join(", ")}`;
}

function destName({ source }: AttentionState, dest: number): string {
  return tokenName(source.props.destTokens, dest, source.props.destPositions);
}

function srcName({ source }: AttentionState, src: number): string {
  return tokenName(source.srcTokens, src);
}
