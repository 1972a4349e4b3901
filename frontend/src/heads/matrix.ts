/** Heads of several layers as a matrix: a row for each layer, a column for each number of a head in its layer. */
import type { Head } from "../props";
import type { Group } from "./groups";

export interface HeadMatrix {
  /** A row for each layer, named "L9"; its slots are the columns. */
  rows: Group[];
  /** The names of the columns: "H6". */
  columns: string[];
}

/** The names that heads have if the user gave them none: "9.6" and "L9H6". */
const LAYER_AND_HEAD = /^L?(\d+)[.H](\d+)$/;
/** Least share of the matrix that must be filled: a few heads of many layers are easier to find in a row. */
const FILLED = 0.5;

/**
 * Null where heads would not be found in a matrix: names that the user gave, a single layer, one head twice, few heads of many layers.
 * Heads keep their order, which may be that of their strength: so a matrix needs ascending layers and, in each, ascending heads.
 */
export function headMatrix(heads: readonly Head[]): HeadMatrix | null {
  const places: { layer: number; column: number }[] = [];
  for (const { name } of heads) {
    const match = LAYER_AND_HEAD.exec(name);
    if (!match) return null;
    const place = { layer: Number(match[1]), column: Number(match[2]) };
    const last = places[places.length - 1];
    const follows =
      !last || last.layer < place.layer || (last.layer === place.layer && last.column < place.column);
    if (!follows) return null;
    places.push(place);
  }
  const columns = [...new Set(places.map(({ column }) => column))].sort((a, b) => a - b);
  const columnOf = new Map(columns.map((column, index) => [column, index]));
  const rows: Group[] = [];
  places.forEach(({ layer, column }, index) => {
    const title = `L${layer}`;
    let row = rows[rows.length - 1];
    if (row?.title !== title) {
      row = { title, start: index, end: index, slots: columns.map(() => null) };
      rows.push(row);
    }
    row.end = index + 1;
    row.slots[columnOf.get(column) as number] = index;
  });
  if (rows.length < 2 || heads.length < FILLED * rows.length * columns.length) return null;
  return { rows, columns: columns.map((column) => `H${column}`) };
}
