/** A table as the text of a CSV file. Python's `_export/csv_file.py` writes the same form. */
import type { Field, Table } from "./exports";

/** Significant digits: more than the page's data are exact to. */
const DIGITS = 9;

export function csvOf({ columns, rows }: Table): string {
  const lines = [columns.map(written).join(",")];
  for (const row of rows) lines.push(row.map(written).join(","));
  return `${lines.join("\n")}\n`;
}

function written(field: Field): string {
  if (field === null) return "";
  if (typeof field === "number") {
    if (Number.isNaN(field)) return "";
    if (!Number.isFinite(field)) return field > 0 ? "inf" : "-inf";
    return String(Number(field.toPrecision(DIGITS)));
  }
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
