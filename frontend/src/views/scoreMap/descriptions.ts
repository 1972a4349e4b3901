/** Heads and their scores as sentences. The page shows them, and screen readers read them out. */
import { cut, headName } from "../../text/names";
import { pinnedStatus } from "../../text/pinned";
import { plain } from "../../text/tokenText";
import type { ScoreMapState } from "./scoreMapState.svelte";

/** Characters of a score's name in a sentence. */
const LONGEST = 60;

export function scoreName(view: ScoreMapState, score = view.score): string {
  return cut(plain(view.props.scores[score]?.name ?? ""), LONGEST);
}

/** "high induction"; of no group, in words. */
export function groupName(view: ScoreMapState, index: number): string {
  const group = view.props.groups[index];
  return group ? `${group.side} ${scoreName(view, group.score)}` : "no score stands out";
}

/** "Head 9.6: induction 0.8312, rank 2 of 144". */
export function describeHead(view: ScoreMapState, head: number): string {
  const name = headName(view.names[head] ?? "");
  const other =
    view.form === "scatter" ? `; ${scoreName(view, view.other)} ${view.text(head, view.other)}` : "";
  const rank = rankText(view, head);
  return `${name}: ${scoreName(view)} ${view.text(head)}${rank && `, ${rank}`}${other}`;
}

/** "rank 2 of 144"; "" for a head without a value. */
export function rankText({ ranking, order }: ScoreMapState, head: number): string {
  const rank = ranking.ranks[head] ?? 0;
  return rank > 0 ? `rank ${rank} of ${ranking.count}${order === "size" ? " by magnitude" : ""}` : "";
}

export function describeFocus(view: ScoreMapState): string {
  const { head } = view;
  if (head === null)
    return view.props.headsFigure
      ? `Hover a head to see it, click to pin it. Shown: ${describeHead(view, view.shown)}`
      : "Hover a head for its value, click to pin it.";
  return pinnedStatus(view.pin.pinned === head, describeHead(view, head));
}
