import { expect, test } from "vitest";
import {
  cellSize,
  cellSizeWithin,
  labelStep,
  largestZoom,
  overviewTarget,
  stretched,
  thumbnailTargets,
  zoomed,
} from "./size";

test("cells are whole pixels where they fit and share the space where they do not", () => {
  expect([cellSize(12, 360), cellSize(500, 360)]).toEqual([30, 0.72]);
  expect([cellSizeWithin(7, 700, 44), cellSizeWithin(300, 700, 44)]).toEqual([44, 2]);
  expect(labelStep(4, 13)).toBe(4);
});

test("an overview has one pixel per cell where that fits", () => {
  expect([5, 500, 2000].map(overviewTarget)).toEqual([360, 500, 560]);
});

test("thumbnails are smaller where they are many, and may be smaller still", () => {
  expect(thumbnailTargets(144)).toEqual([46, 34]);
  expect([12, 24, 144].map((heads) => thumbnailTargets(heads)[0])).toEqual([96, 72, 46]);
});

test("cells are square, except along the short side of a long heatmap", () => {
  expect(stretched(40, 100, 5)).toEqual({ width: 5, height: 5 });
  expect(stretched(2, 100, 5)).toEqual({ width: 5, height: 16 });
  expect(stretched(300, 3, 2)).toEqual({ width: 16, height: 3 });
});

test("zooming enlarges the shorter side of a cell first, until it is a square", () => {
  expect(zoomed({ width: 3, height: 16 }, 2)).toEqual({ width: 6, height: 16 });
  expect(zoomed({ width: 3, height: 16 }, 8)).toEqual({ width: 24, height: 24 });
});

test("zooming ends with cells of 24 pixels, and there is none where cells are larger from the start", () => {
  const least = ({ width, height }: { width: number; height: number }) => Math.min(width, height);
  for (const cell of [
    { width: 0.28, height: 0.28 },
    { width: 3, height: 16 },
    { width: 24, height: 24 },
  ])
    expect(least(zoomed(cell, largestZoom(cell)))).toBeCloseTo(24);
  expect(largestZoom({ width: 44, height: 44 })).toBe(1);
});
