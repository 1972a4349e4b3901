/** What the lines view says in words: column heads, a query, a step of its computation. Also read out by screen readers. */
import { headName, tokenName } from "../../text/names";
import { largestByMagnitude } from "../../data/largest";
import { ABSENCE_TEXTS, absenceOf } from "../../data/mask";
import { boundOf, largestOf } from "../../data/bounds";
import { formatValue, readable } from "../../text/number";
import { pinnedStatus } from "../../text/pinned";
import type { AttentionType } from "../../props";
import type { Part } from "./layout";
import type { Row } from "./row";
import { dimensionTexts } from "./row";
import type { LinesState } from "./linesState.svelte";

export const WEIGHT_WORDS: Record<AttentionType, string> = {
  standard: "",
  "value-weighted": "value-weighted",
  "info-weighted": "info-weighted",
};
const FACTORS: Record<AttentionType, string> = {
  standard: "",
  "value-weighted": "by |v|",
  "info-weighted": "by |v·W_O|",
};

/** Two lines over a column. */
export function headOf(state: LinesState, part: Part): [string, string] {
  const { drawn, type } = state;
  const computation = drawn?.computed.props;
  const heads: Record<Part, [string, string]> = {
    dest: ["Query", "destination"],
    src: ["Source", "key"],
    lines: ["", ""],
    q: ["q", "of each query"],
    k: ["k", "of each source"],
    product: ["q × k", "elementwise"],
    dot: ["q · k", `÷ ${divisorText(computation?.divisor ?? 1)}`],
    addedTerm: ["+ added", computation?.addedTermName ?? ""],
    score: [computation?.dot ? "= score" : "score", "before softmax"],
    probability: ["softmax", "probability"],
    weighted: ["weighted", FACTORS[type]],
  };
  return heads[part];
}

/** "√8", "8" or "2.5": what q·k is divided by. */
export function divisorText(divisor: number): string {
  const square = Math.round(divisor * divisor);
  const isRoot = Math.abs(Math.sqrt(square) - divisor) < 1e-6 * divisor;
  return isRoot && !Number.isInteger(divisor) ? `√${square}` : String(Number(divisor.toPrecision(4)));
}

/** A step of a computation: what it is called, and its number. */
export interface Step {
  name: string;
  text: string;
}

/** How the score of a source becomes its attention, step by step, as the page writes it. */
export function steps(state: LinesState, row: Row, src: number): Step[] {
  const { drawn, type } = state;
  if (!drawn || Number.isNaN(row.probability[src])) return [];
  const { computed, source, head } = drawn;
  const { dot, addedTerm, divisor, addedTermName } = computed.props;
  const found: Step[] = [];
  const add = (name: string, value: number, bound: number, largest: number) =>
    found.push({ name, text: formatValue(value, readable(bound, largest)) });
  const [dotBound, dotLargest] = dot ? [boundOf(dot), largestOf(dot)] : [0, 0];
  if (dot && divisor !== null) {
    add("q·k", (row.dot[src] as number) * divisor, dotBound * divisor, dotLargest * divisor);
    add(`÷ ${divisorText(divisor)}`, row.dot[src] as number, dotBound, dotLargest);
  }
  if (addedTerm) {
    const largest = Math.max(dotLargest, largestOf(addedTerm));
    if (dot) add(`+ ${addedTermName ?? ""}`, row.addedTerm[src] as number, boundOf(addedTerm), largest);
    add(dot ? "= score" : "score", row.score[src] as number, dotBound + boundOf(addedTerm), largest);
  }
  const bound = (type: AttentionType) => source.errorBound(type, head);
  add("probability", row.probability[src] as number, bound("standard"), source.largest(head));
  if (state.weights) {
    add(WEIGHT_WORDS[type], row.weighted[src] as number, bound(type), source.largest(head));
  }
  return found;
}

/** The status line: of the source that is pointed at, else of the query, else what to do. */
export function statusWords(state: LinesState, row: Row | null): string {
  const { drawn, cursor } = state;
  if (!drawn) return "";
  const { source } = drawn;
  if (!row) {
    if (cursor.src !== null)
      return `Source ${tokenName(source.srcTokens, cursor.src)}: lines from the queries that attend to it`;
    return "Hover a query token to see how its attention comes about, click to pin it.";
  }
  const pinned = state.query.pinned !== null;
  const query = `Query ${tokenName(source.props.destTokens, row.dest, source.props.destPositions)}`;
  const dimension = dimensionWords(state, row, cursor.src, cursor.dim);
  if (cursor.src === null) return pinnedStatus(pinned, `${query} ${strongestWords(state, row)}${dimension}`);
  const where = `${query}, source ${tokenName(source.srcTokens, cursor.src)}`;
  const computation = steps(state, row, cursor.src).map(
    ({ name, text }) => `${name.replace(/^[+=] /, "")} = ${text}`,
  );
  if (computation.length === 0)
    return pinnedStatus(pinned, `${where}: ${absenceWords(state, row.dest, cursor.src)}`);
  return pinnedStatus(pinned, `${where}: ${computation.join(", ")}${dimension}`);
}

/** Why a source has no part in a query's attention, as far as the data show it. */
export function absenceWords(state: LinesState, dest: number, src: number): string {
  const { computed, source } = state.drawn as NonNullable<LinesState["drawn"]>;
  const absence = absenceOf(source.props, { dest, src }, computed.attention.at(dest, src));
  return absence ? ABSENCE_TEXTS[absence] : "masked, no attention";
}

function dimensionWords(state: LinesState, row: Row, src: number | null, dim: number | null): string {
  if (dim === null || !state.drawn) return "";
  const { q, k, product } = dimensionTexts(state.drawn.computed, row.dest, src, dim);
  if (product === null) return `; dimension ${dim}: q ${q}`;
  return `; dimension ${dim}: q ${q} × k ${k} = ${product}`;
}

function strongestWords(state: LinesState, row: Row): string {
  const { source, head } = state.drawn as NonNullable<LinesState["drawn"]>;
  const values = Array.from(row.weighted, (value, src) => ({ value, src }));
  const best = largestByMagnitude(values, 3)
    .filter(({ value }) => value !== 0)
    .map(
      ({ value, src }) =>
        `${tokenName(source.srcTokens, src)} (${formatValue(value, source.errorBound(state.type, head))})`,
    );
  return best.length === 0 ? "attends to nothing" : `attends most to ${best.join(", ")}`;
}

/** Which head is drawn, and what is to be known of its computation. */
export function noteWords(state: LinesState): string {
  return state.drawn?.computed.props.description ?? "";
}

export function drawnHeadName(state: LinesState): string {
  return headName(state.props.heads[state.drawn?.head ?? state.head]?.name ?? "");
}
