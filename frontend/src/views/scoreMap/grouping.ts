/** The list in groups of similar heads: below the name of each group its heads, and last the heads of none. */
import type { HeadGroup } from "../../props";

/** A head, or the line above those of a group: its index, -1 for the heads that are in none. */
export type Item = { head: number } | { group: number };

export function isHead(item: Item | undefined): item is { head: number } {
  return item !== undefined && "head" in item;
}

/** @param order all heads, in which those of no group are listed */
export function grouped(groups: readonly HeadGroup[], order: readonly number[]): Item[] {
  const inGroups = new Set(groups.flatMap(({ heads }) => heads));
  const rest = order.filter((head) => !inGroups.has(head));
  const listed = groups.flatMap(({ heads }, group) => [{ group }, ...heads.map((head) => ({ head }))]);
  return rest.length > 0 ? [...listed, { group: -1 }, ...rest.map((head) => ({ head }))] : listed;
}
