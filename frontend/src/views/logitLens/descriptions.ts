/** Cells in words. */
import type { Cell } from "../../heatmap/cell";
import { formatValue, readable } from "../../text/number";
import { probabilityText } from "../../text/probability";
import { hasRightToLeft, plain } from "../../text/tokenText";
import type { LensState } from "./lensState.svelte";
import { targetText } from "./scene";

/** "2.3026 nats" */
export function natsText(value: number, bound: number): string {
  return `${formatValue(value, readable(bound, 1))} nats`;
}

/** A token in a sentence. */
export function quoted(token: string): string {
  const text = plain(token);
  return hasRightToLeft(text) ? `\u2068${text}\u2069` : text;
}

/** "position 5 ·the" */
export function positionName(lens: LensState, col: number): string {
  const { positions, tokens } = lens.source.sequence;
  return `position ${positions[col]} ${quoted(tokens[col] ?? "")}`;
}

/** "3_pre at position 5 ·the: top token ·cat, 12.35 %; target ·dog, 3.21 %, rank 4; entropy 2.3026 nats, KL 0.5 nats" */
export function describe(lens: LensState, { row, col }: Cell): string {
  const source = lens.reading([col]);
  const stage = lens.stageOf(row);
  const place = `${lens.props.stages[stage]} at ${positionName(lens, col)}`;
  if (!source.has(col)) return `${place}: not decoded yet`;
  const top = quoted(lens.props.vocabulary[source.top(stage, col)] ?? "");
  const target = targetText(lens, col);
  const ofTarget =
    target === null
      ? "no target"
      : `target ${quoted(target)}, ${probabilityText(source.targetLogProb(stage, col))}, rank ${source.rank(stage, col)}`;
  const { entropy, divergence } = source.bounds;
  return `${place}: top token ${top}, ${probabilityText(source.topLogProb(stage, col))}; ${ofTarget}; entropy ${natsText(
    source.entropy(stage, col),
    entropy,
  )}, KL ${natsText(source.divergence(stage, col), divergence)}`;
}
