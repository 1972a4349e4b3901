/** What the views say in words: of a head, a cell, a token. The same text is read out by screen readers. */
import { formatValue } from "../../text/number";
import type { AttentionType } from "../../props";
import { plain } from "../../text/tokenText";
import type { AttentionState, Cell } from "../../state/sequenceState.svelte";

export const TYPE_WORDS: Record<AttentionType, string> = {
  standard: "attention probability A",
  "value-weighted": "A × |v| / max |v|",
  "info-weighted": "A × |v·W_O| / max |v·W_O|",
};

/** Characters of a token in a sentence: enough to know it by, few enough for the lines that are kept free. */
const LONGEST = 24;

/** Letters that would draw the number behind them to their other side; such a name is isolated. */
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * "5 ·John": position and text, cut where it is long. The tooltip and the strip have all of it.
 * @param positions where the tokens stand, null where that is their index
 */
export function tokenName(tokens: string[], index: number, positions: number[] | null = null): string {
  const characters = [...plain(tokens[index] ?? "")];
  const name = (characters.length > LONGEST ? [...characters.slice(0, LONGEST - 1), "…"] : characters).join(
    "",
  );
  return `${positions?.[index] ?? index} ${RIGHT_TO_LEFT.test(name) ? `\u2068${name}\u2069` : name}`;
}

/** Which head the picture shows, and how to keep or release it. */
export function headWords(state: AttentionState, shown: number | null): string {
  if (shown === null) return "All heads · hover one, click to keep it";
  const name = headName(state, shown);
  if (state.props.heads.length === 1) return name;
  return state.head.isLocked(shown)
    ? `${name} · locked, Esc or a click lets go`
    : `${name} · click its thumbnail to keep it`;
}

export function headName(state: AttentionState, head: number): string {
  return nameOfHead(state.props.heads[head]?.name ?? "");
}

/** "Head 9.6"; a name that says so itself stays as it is. */
export function nameOfHead(text: string): string {
  const name = plain(text);
  return /^head\b/i.test(name) ? name : `Head ${name}`;
}

/** A status line that also says whether what it speaks of is locked. */
export function lockWords(locked: boolean, words: string): string {
  return locked ? `Locked, Esc lets go. ${words}` : words;
}

/** One line for a cell; the value is the last number in it, with its exponent. */
export function cellWords(state: AttentionState, cell: Cell, head: number | null): string {
  const { source } = state;
  const where = `destination ${tokenName(source.props.destTokens, cell.dest, source.props.destPositions)} to source ${tokenName(source.srcTokens, cell.src)}`;
  if (isMasked(state, cell)) return `${where}: masked, the source is later than the destination`;
  if (head !== null)
    return `${headName(state, head)}, ${where}: ${valueWords(state, head, state.value(head, cell))}`;
  const [best] = state.strongest(cell);
  return best
    ? `${where}: strongest ${headName(state, best.head)}, ${valueWords(state, best.head, best.value)}`
    : `${where}: …`;
}

export function isMasked(state: AttentionState, cell: Cell): boolean {
  const { props, dest, src } = state.source;
  return props.attention.layout === "causal" && cell.src > cell.dest + src - dest;
}

/** A value of a head, with the digits that the head's own bound allows. */
export function valueWords(state: AttentionState, head: number, value: number | undefined): string {
  return value === undefined ? "…" : formatValue(value, state.boundOf(head));
}

/** What the chosen token of the strip attends to (or what attends to it), in words. */
export function tokenWords(state: AttentionState, position: number, head: number | null): string {
  const { source, direction } = state;
  const dest = (index: number) => tokenName(source.props.destTokens, index, source.props.destPositions);
  const src = (index: number) => tokenName(source.srcTokens, index);
  const [start, other] =
    direction === "dest"
      ? [`destination ${dest(position)} attends most to`, src]
      : [`source ${src(position)} is attended to most by`, dest];
  const best = top(
    state.line(position, head).map((placed, index) => ({ index, ...placed })),
    3,
  ).filter(({ value }) => value !== 0);
  const which = head === null ? "Strongest of all heads" : headName(state, head);
  if (best.length === 0) return `${which}: ${start} nothing`;
  return `${which}: ${start} ${best.map(({ index, head, value }) => `${other(index)} (${valueWords(state, head, value)})`).join(", ")}`;
}

function top<T extends { value: number }>(ranked: T[], count: number): T[] {
  return ranked
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .slice(0, count);
}
