/** Heads grouped by layer, in their given order. */
import type { Head } from "../props";

export interface Group {
  /** "Layer 9"; null where there is only one layer, or none is known. */
  title: string | null;
  /** Indices of the first head, and behind the last one. */
  start: number;
  end: number;
}

/** Runs of heads of equal layer; one untitled group where there is only one layer, or none is known. */
export function groupByLayer(heads: Head[]): Group[] {
  const groups: Group[] = [];
  heads.forEach((head, i) => {
    const last = groups[groups.length - 1];
    if (last && heads[last.start]?.layer === head.layer) last.end = i + 1;
    else groups.push({ title: head.layer === null ? null : `Layer ${head.layer}`, start: i, end: i + 1 });
  });
  if (new Set(heads.map((head) => head.layer)).size <= 1)
    return [{ title: null, start: 0, end: heads.length }];
  return groups;
}

/** Splits groups of more than `most` heads into parts; only the first part of a group keeps its title. */
export function splitLong(groups: Group[], most: number): Group[] {
  return groups.flatMap(({ title, start, end }) =>
    Array.from({ length: Math.ceil((end - start) / most) }, (_, part) => ({
      title: part === 0 ? title : null,
      start: start + part * most,
      end: Math.min(start + (part + 1) * most, end),
    })),
  );
}
