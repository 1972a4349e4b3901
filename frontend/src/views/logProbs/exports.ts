/** What readers can take from log probabilities: those of each token and of what else was likely, and the call. */
import type { Exports, Field } from "../../export/exports";
import type { TokenLogProbsProps } from "../../props";
import type { Guess, Predictions } from "./predictions";

export function logProbExports(
  { call }: TokenLogProbsProps,
  predictions: () => Predictions | null,
  coloring: () => string,
): Exports {
  return {
    name: () => "log probabilities",
    table: () => {
      const loaded = predictions();
      if (!loaded) return null;
      const columns = ["position", "token", "role", "candidate", "candidate_id", "log_prob", "rank"];
      return { columns, rows: rowsOf(loaded) };
    },
    call,
    shown: () => ({ settings: {}, choices: coloring() === "log prob" ? [] : [`colors by ${coloring()}`] }),
  };
}

/** For each position the token that follows there in the text, the likeliest ones, and those that the user asked for. */
function* rowsOf(predictions: Predictions): Generator<Field[]> {
  for (let position = 1; position <= predictions.count; position++) {
    const before = position - 1;
    const row = (role: string, { text, id, logProb, rank }: Guess): Field[] => [
      before,
      predictions.text(before),
      role,
      text,
      id,
      logProb,
      rank + 1,
    ];
    const next = predictions.token(position);
    if (next) yield row("next", next);
    for (const guess of predictions.alternatives(position)) yield row("top", guess);
    for (const guess of predictions.also(position)) yield row("also", guess);
  }
}
