/** The sum over a range of keys, and its mean over a range of queries, as a sentence. */
import { ABSENCE_TEXTS, absenceOf } from "../../data/mask";
import { counted } from "../../data/slots";
import { tokenName } from "../../text/names";
import type { TokenRange } from "../../state/tokenRanges.svelte";
import type { AttentionState } from "./attentionState.svelte";
import { nameOf, valueText } from "./descriptions";

/** One line for the chosen ranges; the value is the last number in it. */
export function describeRange(view: AttentionState, head: number | null): string {
  const { source, ranges } = view;
  const dests = ranges.dest ?? { start: 0, end: source.dest };
  const srcs = ranges.src ?? { start: 0, end: source.src };
  const { destTokens, destPositions } = source.props;
  const queries = rangeText(dests, "query", ranges.dest === null, destTokens, destPositions);
  const keys = rangeText(srcs, "key", ranges.src === null, source.srcTokens, null);
  const values = view.hiding.renormalizes ? ", renormalized" : "";
  const what = `mean over ${queries} of the sum over ${keys}${values}`;
  if (head === null) return `All heads, ${what}: choose a head to see its value`;
  const block = view.block(head);
  const start = `${nameOf(view, head)}, ${what}`;
  if (!block) return `${start}: …`;
  if (Number.isNaN(block.value)) {
    const absence = absenceOf(source.props, { dest: dests.end - 1, src: srcs.start }, NaN);
    return `${start}: ${ABSENCE_TEXTS[absence ?? "missing"]}`;
  }
  const notes = [
    ...(block.blank > 0
      ? [`${counted(block.blank, "cell")} without a value ${block.blank === 1 ? "adds" : "add"} nothing`]
      : []),
    ...(block.idle > 0
      ? [
          `${counted(block.idle, "query")} cannot attend to any of these keys and ${block.idle === 1 ? "counts" : "count"} as 0`,
        ]
      : []),
    ...(block.empty > 0
      ? [`${counted(block.empty, "query")} without any value ${block.empty === 1 ? "is" : "are"} not counted`]
      : []),
  ];
  const aside = notes.length > 0 ? ` (${notes.join("; ")})` : "";
  return `${start}${aside}: ${valueText(view, head, block.value, srcs.end - srcs.start)}`;
}

/** "3 queries (4 ·John to 6 ·to)", "all 17 keys", "1 key (4 ·John)". */
function rangeText(
  { start, end }: TokenRange,
  noun: "query" | "key",
  all: boolean,
  tokens: string[],
  positions: number[] | null,
): string {
  const number = counted(end - start, noun);
  if (all) return end - start === 1 ? number : `all ${number}`;
  const first = tokenName(tokens, start, positions);
  return `${number} (${end - start === 1 ? first : `${first} to ${tokenName(tokens, end - 1, positions)}`})`;
}
