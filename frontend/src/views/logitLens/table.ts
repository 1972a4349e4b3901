/** The numbers of the grid as tables: for screen readers those of one position or one stage, for files all. */
import type { ValueTable } from "../../controls/valueTable";
import type { Exports, Field } from "../../export/exports";
import { probabilityText } from "../../text/probability";
import { plain } from "../../text/tokenText";
import { natsText, positionName } from "./descriptions";
import type { LensSource } from "./lensSource";
import type { LensState } from "./lensState.svelte";
import { targetText } from "./scene";

/** Rows of a table on the page: a longer one would take seconds to be made. */
const LONGEST = 500;
const HEAD = ["Top token", "Its probability", "Target", "Its probability", "Rank", "Entropy", "KL to last"];

/** All stages of the position in focus; without one, all positions of the last stage. */
export function shownTable(lens: LensState): ValueTable {
  const { focus } = lens.choice;
  if (focus) {
    lens.reading([focus.col]);
    const rows = Array.from({ length: lens.rows }, (_, row) => {
      const stage = lens.stageOf(row);
      return { name: lens.props.stages[stage] ?? "", cells: cellsOf(lens, stage, focus.col) };
    });
    return {
      caption: `All stages of ${positionName(lens, focus.col)}; release it for all positions of the last stage.`,
      head: ["Stage", ...HEAD],
      rows,
    };
  }
  const shown = Array.from({ length: Math.min(lens.cols, LONGEST) }, (_, col) => col);
  lens.reading(shown);
  const stage = lens.rows - 1;
  const first = lens.cols > LONGEST ? `, the first ${LONGEST} of ${lens.cols} positions` : "";
  return {
    caption: `${lens.props.stages[stage]}, the last stage, at each position${first}; pin a cell for all stages of its position.`,
    head: ["Position", ...HEAD],
    rows: shown.map((col) => ({
      name: `${lens.source.sequence.positions[col]} ${plain(lens.source.sequence.tokens[col] ?? "")}`,
      cells: cellsOf(lens, stage, col),
    })),
  };
}

function cellsOf(lens: LensState, stage: number, col: number): string[] {
  const { source, props } = lens;
  if (!source.has(col)) return HEAD.map(() => "not decoded yet");
  const target = targetText(lens, col);
  return [
    plain(props.vocabulary[source.top(stage, col)] ?? ""),
    probabilityText(source.topLogProb(stage, col)),
    target === null ? "none" : plain(target),
    target === null ? "" : probabilityText(source.targetLogProb(stage, col)),
    target === null ? "" : String(source.rank(stage, col)),
    natsText(source.entropy(stage, col), source.bounds.entropy),
    natsText(source.divergence(stage, col), source.bounds.divergence),
  ];
}

/** All cells of all sequences, with the columns of Python's `to_dict`. */
export function allCells(lens: LensState, sources: readonly LensSource[]): ReturnType<Exports["table"]> {
  const guesses = Array.from({ length: lens.props.k }, (_, i) => i + 1);
  const columns = [
    ...["sequence", "layer", "position", "token", "target", "target_id", "target_log_prob", "target_rank"],
    ...["entropy", "divergence"],
    ...guesses.flatMap((i) => [`top_${i}`, `top_${i}_id`, `top_${i}_log_prob`]),
  ];
  return { columns, rows: rowsOf(lens, sources) };
}

function* rowsOf({ props }: LensState, sources: readonly LensSource[]): Generator<Field[]> {
  const { vocabulary, ids, stages } = props;
  for (const [number, source] of sources.entries()) {
    const { tokens, positions, targets } = source.sequence;
    for (const [stage, name] of stages.entries()) {
      for (const [col, token] of tokens.entries()) {
        const target = targets[col] ?? -1;
        const has = target >= 0;
        yield [
          number,
          name,
          positions[col] ?? null,
          token,
          has ? (vocabulary[target] ?? "") : "",
          has ? (ids[target] ?? null) : null,
          source.targetLogProb(stage, col),
          source.rank(stage, col),
          source.entropy(stage, col),
          source.divergence(stage, col),
          ...source
            .guesses(stage, col)
            .flatMap((guess): Field[] => [
              vocabulary[guess.token] ?? "",
              ids[guess.token] ?? null,
              guess.logProb,
            ]),
        ];
      }
    }
  }
}
