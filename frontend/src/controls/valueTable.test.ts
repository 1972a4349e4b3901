import { expect, test } from "vitest";
import { tableOf, type ValueGrid } from "./valueTable";

function grid(rows: number, cols: number, chosen: number | null = null): ValueGrid {
  const names = (letter: string, count: number) => Array.from({ length: count }, (_, i) => `${letter}${i}`);
  const value = (row: number, col: number) => (col > row ? NaN : ((row * 7 + col * 13) % 11) - 5);
  return {
    title: "Head 0",
    rows: names("d", rows),
    cols: names("s", cols),
    value,
    text: (row, col) => (Number.isNaN(value(row, col)) ? "masked" : String(value(row, col))),
    chosen,
  };
}

test("a small picture is a table of all of its cells, whatever is chosen", () => {
  const table = tableOf(grid(2, 3, 1));
  expect(table.head).toEqual(["Destination", "s0", "s1", "s2"]);
  expect(table.rows).toEqual([
    { name: "d0", cells: ["-5", "masked", "masked"] },
    { name: "d1", cells: ["2", "4", "masked"] },
  ]);
});

test("of a large picture the strongest sources of each destination are listed, by magnitude", () => {
  const { rows, head, caption } = tableOf(grid(40, 40));
  expect(head).toHaveLength(6);
  expect(caption).toContain("The 5 strongest sources of each destination");
  for (const [row, { name, cells }] of rows.entries()) {
    expect(name).toBe(`d${row}`);
    const all: [number, number][] = [];
    for (let col = 0; col <= row; col++) all.push([((row * 7 + col * 13) % 11) - 5, col]);
    const best = all
      .filter(([value]) => value !== 0)
      .sort((a, b) => Math.abs(b[0]) - Math.abs(a[0]) || a[1] - b[1]);
    expect(cells).toEqual(best.slice(0, 5).map(([value, col]) => `s${col}: ${value}`));
  }
});

test("of a large picture and a chosen destination all sources are listed", () => {
  const { rows, head, caption } = tableOf(grid(40, 40, 3));
  expect(head).toEqual(["Source", "Value"]);
  expect(caption).toContain("All sources of destination d3;");
  expect(rows).toHaveLength(40);
  expect(rows[3]).toEqual({ name: "s3", cells: ["0"] });
  expect(rows[4]).toEqual({ name: "s4", cells: ["masked"] });
});

test("a table has at most 500 rows, and says so", () => {
  expect(tableOf(grid(600, 2)).rows).toHaveLength(500);
  expect(tableOf(grid(600, 2)).caption).toContain("the first 500 of 600");
  expect(tableOf(grid(2, 600, 1)).rows).toHaveLength(500);
});
