/** What the lines of several heads show, as sentences: for the status line, and for screen readers. */
import { tokenName } from "../../text/names";
import { formatValue, readable } from "../../text/number";
import { pinnedStatus } from "../../text/pinned";
import { plain } from "../../text/tokenText";
import { type HeadValue, strongestOf, valuesAt } from "./headLines";
import type { SeveralHeads } from "./severalHeads.svelte";

/** Heads that a sentence names. */
const NAMED = 4;

export function headText(several: SeveralHeads, at: number): string {
  return plain(several.view.props.heads[several.heads[at]?.head ?? 0]?.name ?? "");
}

export function valueText(several: SeveralHeads, { at, value }: HeadValue): string {
  const largest = Math.max(...several.heads.map((head) => several.view.sequence.source.largest(head.head)));
  return formatValue(value, readable(several.heads[at]?.bound ?? 0, largest));
}

/** The values of the heads for what is pointed at, strongest first: at one cell, or each head's largest of a query or of a source. */
export function pointedValues(several: SeveralHeads, dest: number | null, src: number | null): HeadValue[] {
  const { heads } = several;
  if (dest !== null && src !== null) return valuesAt(heads, dest, src);
  if (dest !== null) return strongestOf(heads, { dest, src: null }, several.ends);
  return src === null ? [] : strongestOf(heads, { dest: null, src }, several.ends);
}

export function queryName(several: SeveralHeads, dest: number): string {
  const { props } = several.view.sequence.source;
  return tokenName(props.destTokens, dest, props.destPositions);
}

export function sourceName(several: SeveralHeads, src: number): string {
  return tokenName(several.view.sequence.source.srcTokens, src);
}

export function describeSeveral(several: SeveralHeads): string {
  const { view, heads } = several;
  const dest = view.focus;
  const { src } = view.cursor;
  if (heads.length === 0) return "No head is on: switch one on, or press All on.";
  if (dest === null && src === null)
    return "Hover a token to see the lines of each head, click a query to pin it. Hover a head's switch to see it among the others.";
  const values = pointedValues(several, dest, src).filter(({ value }) => value !== 0);
  const named = values.slice(0, NAMED).map((item) => {
    const other =
      src === null
        ? ` to ${sourceName(several, item.src)}`
        : dest === null
          ? ` from ${queryName(several, item.dest)}`
          : "";
    return `${headText(several, item.at)}${other} = ${valueText(several, item)}`;
  });
  const more = values.length > named.length ? `, and ${values.length - named.length} weaker` : "";
  const subject = [
    dest === null ? null : `Query ${queryName(several, dest)}`,
    src === null ? null : `${dest === null ? "Source" : "source"} ${sourceName(several, src)}`,
  ];
  const where = subject.filter((text) => text !== null).join(", ");
  const what = named.length === 0 ? "no attention" : `${named.join("; ")}${more}`;
  return pinnedStatus(view.query.pinned !== null, `${where}: ${what}`);
}
