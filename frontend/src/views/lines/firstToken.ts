/** What is said of the first source while no line to it is drawn. */
import { shareOfFirst } from "../../data/firstToken";
import { firstNote } from "../../text/firstNote";
import { tokenName } from "../../text/names";
import type { LinesState } from "./linesState.svelte";
import type { SeveralHeads } from "./severalHeads.svelte";

export function describeFirst(view: LinesState, several: SeveralHeads): string {
  const { drawn, type, props } = view;
  const shares = several.shown
    ? several.heads.map(({ matrix, weights }) => shareOfFirst(matrix, weights, 1))
    : drawn
      ? [shareOfFirst(drawn.computation.attention, view.weights, 1)]
      : [];
  const source = (several.shown ? several.decoded?.source : drawn?.source) ?? view.sequence.source;
  const known = shares.filter((share) => !Number.isNaN(share));
  const mean = known.reduce((sum, share) => sum + share, 0) / known.length;
  const whose = several.shown ? `the ${several.heads.length} heads` : view.drawnHeadName;
  const what =
    props.valueRange[0] < 0 ? "magnitudes" : type === "standard" ? "attention" : `${type} attention`;
  return firstNote(tokenName(source.srcTokens, 0), mean, `the ${what} of ${whose}`, source.dest);
}
