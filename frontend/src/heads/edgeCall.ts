/** The call in Python that says why a head attends from one token to another, made from the call of the figure that shows the cell. */
import { codeOf, literal } from "../export/python";
import type { Call } from "../props";

/** A cell of one head; null for what is not chosen. */
export interface ChosenCell {
  /** Place of the sequence among those of the figure. */
  sequence: number;
  /** Name of the head. */
  head: string | null;
  /** Numbers of the tokens. */
  dest: number | null;
  src: number | null;
}

/** Functions whose cache has what `heads.edge` needs, and arguments for which it has none. */
const OF_CACHES = ["cv.attention.from_cache", "cv.attribution.from_cache"];
const REFUSED = ["module", "src_tokens"];
/** Arguments that both functions have, after cache and tokens. */
const SHARED = ["model", "attention_mask", "padding_side"];

/** Whether the call that made a figure has the arguments for an edge of its heads. */
export function hasEdges(call: Call | null): call is Call {
  return (
    call !== null &&
    OF_CACHES.includes(call.function) &&
    !call.arguments.some(({ name }) => REFUSED.includes(name ?? ""))
  );
}

/**
 * Null while no cell of one head is chosen.
 * @param sequences number of sequences of the figure
 */
export function edgeCall(
  call: Call,
  sequences: number,
  { sequence, head, dest, src }: ChosenCell,
): string | null {
  const numbers = head === null ? null : /^(?:L(\d+)H|(\d+)\.)(\d+)$/.exec(head);
  if (!numbers || dest === null || src === null) return null;
  const text = (wanted: string) => call.arguments.find(({ name }) => name === wanted)?.text;
  const [cache = "cache", tokens] = call.arguments.filter(({ name }) => name === null).map((one) => one.text);
  const batch = batchIndex(text("batch_idx"), sequence, sequences);
  return codeOf("cv.heads.edge", [
    cache,
    tokens ?? text("tokens") ?? "tokens",
    `head=(${numbers[1] ?? numbers[2]}, ${numbers[3]})`,
    `dest=${literal(dest)}`,
    `src=${literal(src)}`,
    ...(batch === null ? [] : [`batch_idx=${batch}`]),
    ...SHARED.flatMap((name) => (text(name) === undefined ? [] : [`${name}=${text(name)}`])),
  ]);
}

/** The index of a shown sequence in the batch, as code; null where there is only one. */
function batchIndex(argument: string | undefined, sequence: number, sequences: number): string | null {
  if (argument === undefined) return sequences > 1 ? String(sequence) : null;
  if (/^-?\d+$/.test(argument)) return argument;
  const numbers = /^[[(](-?\d+(?:, -?\d+)*),?[\])]$/.exec(argument)?.[1]?.split(", ");
  return numbers?.[sequence] ?? `${argument}[${sequence}]`;
}
