/** Probabilities, ranks and the text's summary in words. */
import { formatValue, readable } from "../../text/number";
import { probabilityText } from "../../text/probability";
import { hasRightToLeft, plain } from "../../text/tokenText";
import type { Guess, Predictions } from "./predictions";
import { summarise } from "./predictions";

export function logProbText(predictions: Predictions, logProb: number): string {
  if (logProb === -Infinity) return "below -1000";
  return formatValue(logProb, readable(predictions.bound, predictions.largest));
}

/** "3" or "3 (2 others as likely)": ranks begin at 1. */
export function rankText({ rank, ties }: Guess): string {
  return ties ? `${rank + 1} (${ties} ${ties === 1 ? "other" : "others"} as likely)` : String(rank + 1);
}

/** "5 ·cat after ·the: rank 3, probability 12.35 %, log prob -2.0913" */
export function describe(predictions: Predictions, position: number): string {
  const token = `${position} ${isolated(predictions.text(position))}`;
  const guess = predictions.token(position);
  if (guess)
    return `${token} after ${isolated(predictions.text(position - 1))}: rank ${rankText(guess)}, probability ${probabilityText(
      guess.logProb,
    )}, log prob ${logProbText(predictions, guess.logProb)}`;
  if (position === 0) return `${token}: the first token, for which there is no prediction`;
  const [likeliest] = predictions.alternatives(position);
  return likeliest
    ? `The token after the text: most likely ${isolated(likeliest.text)}, probability ${probabilityText(likeliest.logProb)}`
    : "";
}

/** "16 predicted tokens: mean log prob -1.2345, perplexity 3.437" */
export function summaryText(predictions: Predictions): string {
  const summary = summarise(predictions);
  if (!summary) return "No token of this text is predicted: only the one after it.";
  const { count, mean, perplexity } = summary;
  const tokens = `${count} predicted ${count === 1 ? "token" : "tokens"}`;
  if (mean === -Infinity) return `${tokens}, some with probability 0: perplexity is infinite`;
  const digits = perplexity < 1e6 ? String(Number(perplexity.toPrecision(4))) : perplexity.toExponential(3);
  return `${tokens}: mean log prob ${logProbText(predictions, mean)}, perplexity ${digits}`;
}

function isolated(token: string): string {
  const text = plain(token);
  return hasRightToLeft(text) ? `\u2068${text}\u2069` : text;
}
