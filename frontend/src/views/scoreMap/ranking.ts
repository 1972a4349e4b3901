/** Heads by their value: in which order, and at which rank. */

/** From the highest, from the lowest, from the largest magnitude, as in the model, or in groups, whose order is their own. */
export type Order = "high" | "low" | "size" | "model" | "group";

export interface Ranking {
  /** Indices of the heads; those without a value come last, in the model's order. */
  order: number[];
  /** By head: 1 + the number of heads with a higher value (or a larger magnitude, for the order by size); 0 without a value. */
  ranks: Uint32Array;
  /** Number of heads that have a value. */
  count: number;
}

export function rankingOf(values: Float64Array, order: Order): Ranking {
  const size = order === "size";
  const key = (head: number) => (size ? Math.abs(values[head] as number) : (values[head] as number));
  const all = Array.from(values.keys());
  const present = all.filter((head) => !Number.isNaN(values[head]));
  const sorted = [...present].sort((a, b) => key(b) - key(a) || a - b);
  const ranks = new Uint32Array(values.length);
  sorted.forEach((head, i) => {
    const before = sorted[i - 1];
    ranks[head] = before !== undefined && key(before) === key(head) ? (ranks[before] as number) : i + 1;
  });
  const absent = all.filter((head) => Number.isNaN(values[head]));
  const listed = order === "low" ? [...present].sort((a, b) => key(a) - key(b) || a - b) : sorted;
  return { order: order === "model" ? all : [...listed, ...absent], ranks, count: present.length };
}

/** The head with the value of largest magnitude; the first one if none has a value. */
export function strongest(values: Float64Array): number {
  let best = 0;
  values.forEach((value, head) => {
    if (Math.abs(value) > Math.abs(values[best] as number) || Number.isNaN(values[best])) best = head;
  });
  return best;
}
