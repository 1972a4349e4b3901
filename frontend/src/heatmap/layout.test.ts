import { describe, expect, test } from "vitest";
import { heatmapLayout, type LayoutInput } from "./layout";

const input: LayoutInput = {
  rows: 10,
  cols: 10,
  sizedFor: 10,
  rowRoom: 68,
  colRoom: 68,
  beyond: 34,
  width: 1000,
  tallest: 600,
};

describe("the layout of a labelled heatmap", () => {
  test("leaves room for the row title and the row labels on the left, and for column labels below", () => {
    const { picture, colHeight, width, height } = heatmapLayout(input);
    expect(picture.left).toBe(20 + 68 + 12);
    expect(colHeight).toBeGreaterThan(68 * Math.sin(Math.PI / 3));
    expect([width, height]).toEqual([picture.left + picture.width + 34, 8 + picture.height + colHeight + 16]);
  });

  test("needs no room for labels that stand upright but a line", () => {
    const leaning = heatmapLayout(input);
    const upright = heatmapLayout({ ...input, upright: true });
    expect(upright.colHeight).toBeLessThan(20);
    expect(leaning.height - upright.height).toBeCloseTo(leaning.colHeight - upright.colHeight, 9);
  });

  test("has square cells that fit into width and height", () => {
    for (const [rows, cols] of [
      [5, 5],
      [100, 100],
      [40, 120],
      [120, 40],
    ] as const) {
      const { cell, picture } = heatmapLayout({ ...input, rows, cols, sizedFor: cols });
      expect(cell.width).toBe(cell.height);
      expect(picture.left + picture.width + input.beyond).toBeLessThanOrEqual(input.width);
      expect(picture.height).toBeLessThanOrEqual(input.tallest);
    }
  });

  test("gives a long picture cells that can be pointed at, even where it then exceeds its room", () => {
    const long = heatmapLayout({ ...input, rows: 1, cols: 2000, sizedFor: 2000 });
    expect(long.long).toBe(true);
    expect(long.picture.width).toBeGreaterThan(long.room.width);
  });

  test("keeps the size of cells where fewer columns are shown", () => {
    const all = heatmapLayout(input);
    const single = heatmapLayout({ ...input, cols: 1 });
    expect(single.cell).toEqual(all.cell);
    expect(single.picture.width).toBe(all.cell.width);
  });

  test("gives few rows no title, for which they are too short", () => {
    expect(heatmapLayout({ ...input, rows: 2, cols: 2, sizedFor: 2 }).hasRowTitle).toBe(false);
    expect(heatmapLayout(input).hasRowTitle).toBe(true);
  });
});
