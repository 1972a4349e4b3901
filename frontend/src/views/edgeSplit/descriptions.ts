/** The edge, its parts and their pairs in words. */
import { tokenName } from "../../text/names";
import { formatValue, readable } from "../../text/number";
import { pinnedStatus } from "../../text/pinned";
import type { EdgeSide } from "../../props";
import type { EdgeState } from "./edgeState.svelte";
import type { Line } from "./lines";

/** A sum or a number of the summary: known to nine digits. */
export function sumText(view: EdgeState, value: number): string {
  return formatValue(value, readable(1e-9 * view.largest, view.largest));
}

/** The probability. */
export function attentionText(attention: number): string {
  return attention > 0 && attention < 5e-5 ? attention.toExponential(1) : attention.toFixed(4);
}

/** What a pair of lines adds. */
export function pairText(view: EdgeState, row: number, col: number): string {
  const addends = (view.rows[row]?.parts.length ?? 1) * (view.cols[col]?.parts.length ?? 1);
  return formatValue(view.pair(row, col), readable(view.bound * addends, view.largest));
}

/** "query 6 ·Mary" */
export function sideName(name: string, { token, position }: EdgeSide): string {
  return `${name} ${tokenName([token], 0, [position])}`;
}

/** "Head 1.3, query 6 ·Mary to key 2 ·John" */
export function edgeName({ props }: EdgeState): string {
  return `Head ${props.head}, ${sideName("query", props.query)} to ${sideName("key", props.key)}`;
}

/** One line for what is hovered or pinned; the value is the last number in it. */
export function describe(view: EdgeState): string {
  const { row, col } = view;
  if (row === null && col === null) return "Hover a bar or a cell for its value, click to pin it.";
  const pinned = view.query.pinned !== null || view.key.pinned !== null;
  return pinnedStatus(pinned, describeLines(view, row, col));
}

export function describeLines(view: EdgeState, row: number | null, col: number | null): string {
  const query = row === null ? undefined : view.rows[row];
  const key = col === null ? undefined : view.cols[col];
  if (row !== null && col !== null)
    return `${query?.name} of the query × ${key?.name} of the key: ${pairText(view, row, col)}`;
  const line = query ?? key;
  if (!line) return "";
  const [side, other] = query ? ["query", "key"] : ["key", "query"];
  const strongest = strongestOf(view, row, col);
  return `${line.name} of the ${side} × all of the ${other}${strongest}: ${sumText(view, line.value)}`;
}

/** ", most with 0.3 (1.2345)": the strongest pair of a line. */
function strongestOf(view: EdgeState, row: number | null, col: number | null): string {
  if (!view.pairs) return "";
  const others: readonly Line[] = row === null ? view.rows : view.cols;
  const place = (other: number) => (row === null ? ([other, col ?? 0] as const) : ([row, other] as const));
  const sizes = others.map((_, other) => Math.abs(view.pair(...place(other))));
  const best = sizes.indexOf(Math.max(...sizes));
  return `, most with ${others[best]?.name} (${pairText(view, ...place(best))})`;
}

/** A logit that the edge adds. */
export function logitText(view: EdgeState, logit: number): string {
  const largest = Math.max(
    ...[...view.props.promoted, ...view.props.suppressed].map(({ logit }) => Math.abs(logit)),
  );
  const text = formatValue(logit, readable(1e-9 * largest, largest));
  return logit > 0 ? `+${text}` : text;
}
