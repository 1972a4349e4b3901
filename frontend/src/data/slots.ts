/** The rows and columns of a head as they are shown: one for each token, and one for each collapsed span of tokens. Pure. */
import type { AttentionSequence, Span } from "../props";
import { isolated } from "../text/names";
import { lastSource } from "./mask";

/** Consecutive tokens that are shown as one row or column. */
export interface Slot {
  /** Index of the first token, and behind the last one. */
  start: number;
  end: number;
  /** The name of the collapsed span; null for a single token. */
  name: string | null;
}

export interface Slots {
  rows: Slot[];
  cols: Slot[];
  /** Whether any slot is a collapsed span. */
  collapsed: boolean;
}

type Sequence = Pick<AttentionSequence, "destTokens" | "srcTokens" | "destPositions" | "spans">;

/** The slots of a sequence in which all spans but the opened ones are collapsed. */
export function slotsOf(sequence: Sequence, opened: readonly string[]): Slots {
  const collapsed = sequence.spans.filter(({ name }) => !opened.includes(name));
  return {
    rows: slots(sequence.destTokens.length, destSpans(sequence, collapsed)),
    cols: slots((sequence.srcTokens ?? sequence.destTokens).length, collapsed),
    collapsed: collapsed.length > 0,
  };
}

/** The index of the slot that holds a token. */
export function slotAt(slots: readonly Slot[], token: number): number {
  let [low, high] = [0, slots.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((slots[middle] as Slot).end <= token) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The destination and the source of a cell's slots that decide whether all of it is masked: the last and the first. */
export function lastCell(
  { rows, cols }: Slots,
  { dest, src }: { dest: number; src: number },
): { dest: number; src: number } {
  return { dest: (rows[dest]?.end ?? dest + 1) - 1, src: cols[src]?.start ?? src };
}

/** The last column of a row that can have a value. */
export function lastColumn(sequence: AttentionSequence, { rows, cols }: Slots, row: number): number {
  return slotAt(cols, lastSource(sequence, (rows[row]?.end ?? row + 1) - 1));
}

/** "image (576 tokens)". */
export function spanLabel({ name, start, end }: { name: string | null; start: number; end: number }): string {
  return `${isolated(name ?? "")} (${counted(end - start, "token")})`;
}

/** "1 token", "2 tokens"; "3 queries". */
export function counted(number: number, noun: "token" | "key" | "query" | "cell"): string {
  const several = noun === "query" ? "queries" : `${noun}s`;
  return `${number} ${number === 1 ? noun : several}`;
}

/** Spans are of sources. They are of destinations too if each destination is known to be one of the sources. */
function destSpans({ srcTokens, destPositions }: Sequence, spans: Span[]): Span[] {
  if (srcTokens === null) return spans;
  if (!destPositions) return [];
  return spans.flatMap(({ name, start, end }) => {
    const first = destPositions.findIndex((position) => start <= position && position < end);
    if (first < 0) return [];
    let last = first;
    while (last + 1 < destPositions.length && (destPositions[last + 1] as number) < end) last++;
    return [{ name, start: first, end: last + 1 }];
  });
}

function slots(count: number, spans: readonly Span[]): Slot[] {
  const result: Slot[] = [];
  let next = 0;
  for (let token = 0; token < count;) {
    const span = spans[next];
    if (span && span.start === token) {
      result.push({ start: token, end: span.end, name: span.name });
      token = span.end;
      next++;
    } else result.push({ start: token, end: ++token, name: null });
  }
  return result;
}
