/** Lines from one named part of the tokens to another. It chooses which lines are drawn, and changes no value. Pure. */
import type { LinesSequence, Span } from "../../props";
import { plain } from "../../text/tokenText";

/** Names of parts; null for all tokens. */
export interface LineFilter {
  from: string | null;
  to: string | null;
}

export const ALL_LINES: LineFilter = { from: null, to: null };

/** The name of the tokens that no part covers: the parts that users name have other names. */
export const REST = "";

/** The parts of a sequence's tokens. */
export interface Parts {
  /** Names in the order of the tokens, with REST at the end if there are other tokens. Empty for no parts. */
  names: string[];
  /** Names of the parts in which queries stand: none where it is not known which sources the queries are. */
  ofQueries: string[];
  /** The name of each source's part. */
  ofSource: string[];
  /** The name of each query's part; null where its position among the sources is not known. */
  ofDest: (string | null)[];
}

export function partsOf(sequence: LinesSequence): Parts {
  const [, dests = 0, sources = 0] = sequence.attention.shape;
  const { segments } = sequence;
  const ofSource = Array.from({ length: sources }, (_, src) => nameAt(segments, src));
  const known = sequence.srcTokens === null || sequence.destPositions !== null;
  const ofDest = Array.from({ length: dests }, (_, dest) =>
    known ? (ofSource[sequence.destPositions?.[dest] ?? dest] ?? null) : null,
  );
  const all = [...segments.map(({ name }) => name), ...(ofSource.includes(REST) ? [REST] : [])];
  const names = segments.length === 0 ? [] : all;
  return { names, ofQueries: names.filter((name) => ofDest.includes(name)), ofSource, ofDest };
}

function nameAt(segments: Span[], position: number): string {
  return segments.find(({ start, end }) => start <= position && position < end)?.name ?? REST;
}

/** A filter without the names that a sequence does not have. */
export function filterOf(parts: Parts, { from, to }: LineFilter): LineFilter {
  return {
    from: from !== null && parts.ofQueries.includes(from) ? from : null,
    to: to !== null && parts.names.includes(to) ? to : null,
  };
}

/** Which queries lines may begin at, and which sources they may end at. */
export interface Ends {
  dest: (dest: number) => boolean;
  src: (src: number) => boolean;
  /** Whether all lines are drawn. */
  all: boolean;
}

/** @param hidden marks of sources at which no line ends */
export function endsOf(parts: Parts, filter: LineFilter, hidden: Uint8Array | null = null): Ends {
  const { from, to } = filterOf(parts, filter);
  return {
    dest: (dest) => from === null || parts.ofDest[dest] === from,
    src: (src) => hidden?.[src] !== 1 && (to === null || parts.ofSource[src] === to),
    all: from === null && to === null && !hidden?.includes(1),
  };
}

/** A part's name on the page. */
export function partName(name: string, names: readonly string[]): string {
  if (name !== REST) return plain(name);
  return names.includes("rest") ? "all other tokens" : "rest";
}

/**
 * What a filter leaves out, as a sentence; empty where it leaves out nothing.
 * @param probabilities whether the values of a query sum to 1
 */
export function describeFilter(parts: Parts, filter: LineFilter, probabilities: boolean): string {
  const { from, to } = filterOf(parts, filter);
  if (from === null && to === null) return "";
  const which = [
    from === null ? "" : ` from ${partName(from, parts.names)}`,
    to === null ? "" : ` to ${partName(to, parts.names)}`,
  ].join("");
  const sums = to === null || !probabilities ? "" : " The lines of a query no longer sum to 1.";
  return `Only lines${which} are drawn; values are unchanged.${sums}`;
}
