/** Heads in groups, each of which is a part of the thumbnails with one canvas. */
import type { Head } from "../props";

export interface Group {
  /** "Layer 9", or "L9" beside a row of a matrix; null where there is only one layer, or none is known. */
  title: string | null;
  /** Indices of the first head, and behind the last one. */
  start: number;
  end: number;
  /** The places of buttons, row by row: indices of heads, null for a place without a head. */
  slots: (number | null)[];
}

/** Runs of heads of equal layer; one untitled group where there is only one layer, or none is known. */
export function groupByLayer(heads: readonly Head[]): Group[] {
  if (new Set(heads.map((head) => head.layer)).size <= 1) return [group(null, 0, heads.length)];
  const starts = heads.flatMap(({ layer }, i) => (i > 0 && heads[i - 1]?.layer === layer ? [] : [i]));
  return starts.map((start, i) => {
    const { layer } = heads[start] as Head;
    return group(layer === null ? null : `Layer ${layer}`, start, starts[i + 1] ?? heads.length);
  });
}

/** Splits groups of more than `most` heads into parts; only the first part of a group keeps its title. */
export function splitLong(groups: Group[], most: number): Group[] {
  return groups.flatMap(({ title, start, end }) =>
    Array.from({ length: Math.ceil((end - start) / most) }, (_, part) =>
      group(part === 0 ? title : null, start + part * most, Math.min(start + (part + 1) * most, end)),
    ),
  );
}

function group(title: string | null, start: number, end: number): Group {
  return { title, start, end, slots: Array.from({ length: end - start }, (_, i) => start + i) };
}
