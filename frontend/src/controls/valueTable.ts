/** A picture's values as a table of texts: whole where they are few, else the sources of one destination, or the strongest of each. */
import { largestByMagnitude } from "../data/largest";

/** The values of a picture, with the names of its rows (destinations) and columns (sources). */
export interface ValueGrid {
  /** What is shown, as the start of a sentence. */
  title: string;
  rows: readonly string[];
  cols: readonly string[];
  /** NaN where there is none. */
  value: (row: number, col: number) => number;
  /** As the page writes it, or why there is none. */
  text: (row: number, col: number) => string;
  /** The row that is chosen, null for none. */
  chosen: number | null;
  /** What rows and columns are; by default destinations and sources of tokens. */
  nouns?: { row: string; rows: string; col: string; cols: string };
}

const TOKENS = { row: "destination", rows: "destinations", col: "source", cols: "sources" };

export interface ValueTable {
  caption: string;
  /** Over the first column, which names the rows, and over the others. */
  head: readonly string[];
  rows: readonly { name: string; cells: readonly string[] }[];
}

/** Cells of a table that is shown whole, strongest sources of a destination, and rows: a longer table would take seconds to be made. */
const [WHOLE, STRONGEST, LONGEST] = [1024, 5, 500];

export function tableOf(grid: ValueGrid): ValueTable {
  const { title, rows, cols, chosen, nouns = TOKENS } = grid;
  if (rows.length * cols.length <= WHOLE)
    return {
      caption: `${title}. Rows are ${nouns.rows}, columns are ${nouns.cols}.`,
      head: [capital(nouns.row), ...cols],
      rows: rows.map((name, row) => ({ name, cells: cols.map((_, col) => grid.text(row, col)) })),
    };
  if (chosen !== null)
    return {
      caption: `${title}. All ${nouns.cols} of ${nouns.row} ${rows[chosen]}${first(cols)}; release it for the strongest of each ${nouns.row}.`,
      head: [capital(nouns.col), "Value"],
      rows: cols.slice(0, LONGEST).map((name, col) => ({ name, cells: [grid.text(chosen, col)] })),
    };
  return {
    caption: `${title}. The ${STRONGEST} strongest ${nouns.cols} of each ${nouns.row}${first(rows)}; pin ${grid.nouns ? "a cell" : "a cell or a token"} for all ${nouns.cols} of one.`,
    head: [
      capital(nouns.row),
      ...Array.from({ length: STRONGEST }, (_, i) => `${capital(nouns.col)} ${i + 1}`),
    ],
    rows: rows.slice(0, LONGEST).map((name, row) => ({
      name,
      cells: strongest(grid, row).map((col) => `${cols[col]}: ${grid.text(row, col)}`),
    })),
  };
}

function capital(noun: string): string {
  return noun.charAt(0).toUpperCase() + noun.slice(1);
}

function first(names: readonly string[]): string {
  return names.length > LONGEST ? `, the first ${LONGEST} of ${names.length}` : "";
}

function strongest({ cols, value }: ValueGrid, row: number): number[] {
  const values = cols.map((_, col) => ({ col, value: value(row, col) }));
  return largestByMagnitude(
    values.filter((item) => item.value !== 0),
    STRONGEST,
  ).map(({ col }) => col);
}
