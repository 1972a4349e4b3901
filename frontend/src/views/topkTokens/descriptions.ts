/** The table's cells in words. */
import { formatValue, readable } from "../../text/number";
import { hasRightToLeft, plain } from "../../text/tokenText";
import type { Column, Entry } from "./columns";
import { bottomOf, magnitudeOf, topOf } from "./columns";
import type { Row, TableCell, TopkState } from "./topkState.svelte";

/** Tokens that the tooltip shows on each side of a cell's token. */
export const AROUND = 6;

/** The token and value of a cell; null where a column has too few values. */
export function entryAt(view: TopkState, { row, column }: TableCell): Entry | null {
  const [place, values] = [view.rows[row], view.page?.columns[column]];
  if (!place || !values) return null;
  const list = place.end === "top" ? topOf(values, view.shownK) : bottomOf(values, view.shownK);
  return list[place.index] ?? null;
}

/** "top 1" is the largest value, "bottom 1" the smallest. */
export function rankName(view: TopkState, { end, index }: Row): string {
  return `${end} ${end === "top" ? index + 1 : view.shownK - index}`;
}

/** A neuron's label, else its number. */
export function neuronName(view: TopkState, neuron: number): string {
  const label = view.props.thirdDimensionLabels?.[neuron];
  return label === undefined ? String(neuron) : plain(label);
}

/** A value with as many digits as its column's error allows, and as people compare. */
export function valueText(column: Column, value: number): string {
  return formatValue(value, readable(column.bound, magnitudeOf(column)));
}

/** "Neuron 3, top 1: 0.5123 at 4 ·cat" */
export function describeCell(view: TopkState, cell: TableCell): string {
  const [row, page] = [view.rows[cell.row], view.page];
  const column = page?.columns[cell.column];
  if (!row || !page || !column) return "";
  const entry = entryAt(view, cell);
  const where = `${plain(view.props.thirdDimensionName)} ${neuronName(view, page.first + cell.column)}, ${rankName(view, row)}`;
  if (!entry) return `${where}: no value`;
  const token = plain(view.drawn.tokens[entry.position] ?? "");
  const isolated = hasRightToLeft(token) ? `\u2068${token}\u2069` : token;
  return `${where}: ${valueText(column, entry.value)} at ${entry.position} ${isolated}`;
}

/** What lies between the top and the bottom tokens. */
export function betweenText(view: TopkState): string {
  const { tokens } = view.drawn;
  const between = tokens.length - 2 * view.shownK;
  if (between > 0) return `${between} ${between === 1 ? "token" : "tokens"} between`;
  if (between === 0) return "no token between";
  return `the text has ${tokens.length} ${tokens.length === 1 ? "token" : "tokens"}: some are both top and bottom`;
}
