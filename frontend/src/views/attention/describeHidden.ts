/** What is hidden, and how much of a head's attention it holds, or of all heads' for null, as a sentence. */
import { hiddenShare } from "../../data/hidden";
import { hiddenNote } from "../../data/hiddenNote";
import type { AttentionState } from "./attentionState.svelte";
import { nameOf, srcName } from "./descriptions";

export function describeHidden(state: AttentionState, head: number | null): string {
  const { hiding, props, source, type, slots } = state;
  if (hiding.hide === null) return "";
  const columns = state.hiddenColumns(head);
  const named = Array.from(slots.cols.keys()).filter((col) => columns?.[col]);
  const all = head === null ? state.ranked?.hidden : undefined;
  const hidden = head === null ? null : state.hiddenHead(head);
  const whose = head === null ? `all ${props.heads.length} heads` : nameOf(state, head);
  const what = state.signed ? "magnitudes" : type === "standard" ? "attention" : `${type} attention`;
  if (hiding.hide === "sinks" && !(all ?? hidden)) return "Hidden: …";
  return hiddenNote({
    hide: hiding.hide,
    sources:
      hiding.hide === "sinks" && all
        ? { heads: all.heads, of: props.heads.length }
        : named.map((col) => srcName(state, col)),
    share: all?.share ?? shareOf(state, head),
    whole: `the ${what} of ${whose}`,
    queries: source.dest,
    renormalized: hiding.renormalizes,
    weighted: type !== "standard",
  });
}

function shareOf(state: AttentionState, head: number | null): number | undefined {
  const matrix = head === null ? undefined : state.sequence.matrix(head);
  const hidden = head === null ? null : state.hiddenHead(head);
  return matrix && hidden && head !== null
    ? hiddenShare(matrix, state.source.weightsOf(state.type, head), hidden.sources)
    : undefined;
}
