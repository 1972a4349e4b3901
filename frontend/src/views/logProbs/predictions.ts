/** What the model predicted at each position, decoded. */
import type { Matrix } from "../../data/matrix";
import { matrixOf } from "../../data/matrix";
import { boundOf, largestOf } from "../../data/bounds";
import { decodeChunk } from "../../data/decode";
import type { Tensor, TokenLogProbsProps } from "../../props";

/** A token of the vocabulary and its log probability at a position. */
export interface Guess {
  text: string;
  id: number;
  /** -Infinity for what is shown as impossible. */
  logProb: number;
  /** Number of strictly likelier tokens. */
  rank: number;
  /** Number of other tokens that are as likely; null where it is not known. */
  ties: number | null;
}

export class Predictions {
  /** Largest possible error of a log probability. */
  readonly bound: number;
  /** Largest magnitude of a log probability. */
  readonly largest: number;

  private constructor(
    private readonly props: TokenLogProbsProps,
    private readonly top: Matrix,
    private readonly topLogProbs: Matrix,
    private readonly tokenLogProbs: Matrix,
    private readonly alsoValues: { logProbs: Matrix; ranks: Matrix; ties: Matrix } | null,
  ) {
    const tensors = [props.topLogProbs, props.tokenLogProbs, props.alsoLogProbs].filter((t) => t !== null);
    this.bound = Math.max(...tensors.map((tensor) => boundOf(tensor)));
    this.largest = Math.max(...tensors.map((tensor) => largestOf(tensor)));
  }

  static async load(props: TokenLogProbsProps): Promise<Predictions> {
    const { alsoLogProbs, alsoRanks, alsoTies } = props;
    const [top, topLogProbs, tokenLogProbs, ...also] = await Promise.all([
      matrix(props.top),
      matrix(props.topLogProbs),
      matrix(props.tokenLogProbs),
      ...(alsoLogProbs && alsoRanks && alsoTies ? [alsoLogProbs, alsoRanks, alsoTies].map(matrix) : []),
    ]);
    const [logProbs, ranks, ties] = also;
    const asked = logProbs && ranks && ties ? { logProbs, ranks, ties } : null;
    return new Predictions(props, top, topLogProbs, tokenLogProbs, asked);
  }

  /** Number of positions. */
  get count(): number {
    return this.props.tokens.length;
  }

  /** The text of the token at a position. */
  text(position: number): string {
    return this.props.strings[this.props.tokens[position] as number] ?? "";
  }

  /** The token at a position, as the position before it predicted it; null for the first token and behind the last. */
  token(position: number): Guess | null {
    const { tokens, tokenRanks, tokenTies } = this.props;
    const at = position - 1;
    if (at < 0 || position >= tokens.length) return null;
    const logProb = probable(this.tokenLogProbs.at(0, at));
    return this.guess(tokens[position] as number, logProb, tokenRanks[at] as number, tokenTies[at] as number);
  }

  /** The likeliest tokens for a position, as the position before it predicted them. */
  alternatives(position: number): Guess[] {
    const at = position - 1;
    if (at < 0) return [];
    const guesses: Guess[] = [];
    for (let i = 0; i < this.top.cols; i++) {
      const logProb = probable(this.topLogProbs.at(at, i));
      // equally likely tokens have one rank
      const before = guesses[i - 1];
      const rank = before?.logProb === logProb ? before.rank : i;
      guesses.push(this.guess(this.top.at(at, i), logProb, rank, null));
    }
    return guesses;
  }

  /** The tokens that the user asked for, at a position. */
  also(position: number): Guess[] {
    const [at, values] = [position - 1, this.alsoValues];
    if (at < 0 || !values) return [];
    return this.props.also.map((string, i) =>
      this.guess(string, probable(values.logProbs.at(at, i)), values.ranks.at(at, i), values.ties.at(at, i)),
    );
  }

  private guess(string: number, logProb: number, rank: number, ties: number | null): Guess {
    const { strings, ids } = this.props;
    return { text: strings[string] ?? "", id: ids[string] ?? 0, logProb, rank, ties };
  }
}

/** A tensor of shape (1, rows, columns) or (1, columns). */
async function matrix(tensor: Tensor): Promise<Matrix> {
  const [, rows = 1, cols] = tensor.shape;
  const shape = cols === undefined ? [1, 1, rows] : [1, rows, cols];
  return matrixOf({ ...tensor, shape }, 0, await decodeChunk(tensor, 0));
}

function probable(logProb: number): number {
  return Number.isNaN(logProb) ? -Infinity : logProb;
}

/** Mean log probability and perplexity of the tokens that were predicted; null if there are none. */
export function summarise(
  predictions: Predictions,
): { count: number; mean: number; perplexity: number } | null {
  const count = predictions.count - 1;
  if (count < 1) return null;
  let sum = 0;
  for (let position = 1; position <= count; position++) sum += (predictions.token(position) as Guess).logProb;
  return { count, mean: sum / count, perplexity: Math.exp(-sum / count) };
}
