/** Heads, cells and tokens of the attention views as sentences. The page shows them, and screen readers read them out. */
import { largestByMagnitude } from "../../data/largest";
import { ABSENCE_TEXTS } from "../../data/mask";
import { counted, type Slot, spanLabel } from "../../data/slots";
import { headName, tokenName } from "../../text/names";
import { formatValue } from "../../text/number";
import { pinnedCaption } from "../../text/pinned";
import type { Cell } from "../../state/selection.svelte";
import type { AttentionState } from "./attentionState.svelte";

/** Which head the picture shows, and how to pin or release it. */
export function describeShown(
  state: AttentionState,
  shown: number | null,
  howToPin = "click its thumbnail to pin it",
): string {
  if (shown === null) return "All heads · hover one, click to pin it";
  const name = nameOf(state, shown);
  if (state.props.heads.length === 1) return name;
  return pinnedCaption(state.selection.head.isPinned(shown), name, howToPin);
}

/** "Head 9.6". */
export function nameOf(state: AttentionState, head: number): string {
  return headName(state.props.heads[head]?.name ?? "");
}

/** One line for a cell; the value is the last number in it, with its exponent. */
export function describeCell(state: AttentionState, cell: Cell, head: number | null): string {
  const sum = sumOf(state, cell);
  const where = `destination ${destName(state, cell.dest)} to source ${srcName(state, cell.src)}${sum && `, ${sum}`}`;
  const absence = state.absence(head, cell);
  if (absence === "masked" || absence === "hidden" || (absence && head === null))
    return `${where}: ${ABSENCE_TEXTS[absence]}`;
  const keys = state.keysOf(cell.src);
  if (head !== null)
    return `${nameOf(state, head)}, ${where}: ${valueText(state, head, state.value(head, cell), keys, cell.dest)}`;
  const [best] = state.topHeads(cell);
  return best
    ? `${where}: strongest ${nameOf(state, best.head)}, ${valueText(state, best.head, best.value, keys, cell.dest)}`
    : `${where}: ${unranked(state)}`;
}

/** What stands for the strongest head of a cell while it is not known. */
export function unranked({ source }: AttentionState): string {
  return source.far ? "choose a head" : "…";
}

/** How the value of a cell of collapsed spans is made: "mean over 5 queries of the sum over 3 keys"; "" for a single value. */
export function sumOf({ slots }: AttentionState, { dest, src }: Cell): string {
  const [row, col] = [slots.rows[dest], slots.cols[src]];
  const mean = row && row.name !== null ? `mean over ${counted(row.end - row.start, "query")}` : "";
  const sum = col && col.name !== null ? `sum over ${counted(col.end - col.start, "key")}` : "";
  return mean && sum ? `${mean} of the ${sum}` : mean || sum;
}

/**
 * A value of a head, or a sum of so many, with the digits that the error bound allows; "…" while it is not decoded.
 * @param row of the value, null where it is not of a single one
 */
export function valueText(
  state: AttentionState,
  head: number,
  value: number | undefined,
  keys = 1,
  row: number | null = null,
): string {
  return value === undefined ? "…" : formatValue(value, state.errorBound(head, keys, row, Math.abs(value)));
}

/** What the chosen token of the strip attends to most, or what attends most to it. */
export function describeToken(state: AttentionState, position: number, head: number | null): string {
  const [start, nameOther] =
    state.selection.direction === "dest"
      ? [
          `destination ${destName(state, position)} attends most${state.hiding.hide === null ? "" : ", hidden sources aside,"} to`,
          srcName,
        ]
      : [`source ${srcName(state, position)} is attended to most by`, destName];
  const strongest = largestByMagnitude(
    state
      .valuesOfToken(position, head)
      .flatMap((placed, index) => (hides(state, head, index) ? [] : [{ index, ...placed }])),
    3,
  ).filter(({ value }) => value !== 0);
  const keys = (other: number) => state.keysOf(state.selection.direction === "dest" ? other : position);
  const rowOf = (other: number) => (state.selection.direction === "dest" ? position : other);
  const which = head === null ? "Strongest of all heads" : nameOf(state, head);
  if (strongest.length === 0) return `${which}: ${start} nothing`;
  const others = strongest.map(
    ({ index, head, value }) =>
      `${nameOther(state, index)} (${valueText(state, head, value, keys(index), rowOf(index))})`,
  );
  return `${which}: ${start} ${others.join(", ")}`;
}

/** Whether a source among the values of the chosen token is hidden. */
function hides(state: AttentionState, head: number | null, index: number): boolean {
  return state.selection.direction === "dest" && state.hides(head, index);
}

export function destName({ source, slots }: AttentionState, dest: number): string {
  return slotName(slots.rows[dest], source.props.destTokens, source.props.destPositions);
}

export function srcName({ source, slots }: AttentionState, src: number): string {
  return slotName(slots.cols[src], source.srcTokens, null);
}

function slotName(slot: Slot | undefined, tokens: string[], positions: number[] | null): string {
  if (!slot) return "";
  return slot.name === null ? tokenName(tokens, slot.start, positions) : spanLabel(slot);
}
