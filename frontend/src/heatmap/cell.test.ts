import { expect, test } from "vitest";
import { moveByKey } from "./cell";

test.each([
  ["ArrowUp", { row: 1, col: 3 }],
  ["ArrowDown", { row: 3, col: 3 }],
  ["ArrowLeft", { row: 2, col: 2 }],
  ["ArrowRight", { row: 2, col: 4 }],
  ["Home", { row: 2, col: 0 }],
  ["End", { row: 2, col: 9 }],
  ["PageUp", { row: 0, col: 3 }],
  ["PageDown", { row: 5, col: 3 }],
  ["Enter", null],
])("%s moves to the neighbour or to the edge, or not at all", (key, want) => {
  expect(moveByKey(key, { row: 2, col: 3 }, 6, 10)).toEqual(want);
});

test("keys do not leave the heatmap", () => {
  expect(moveByKey("ArrowUp", { row: 0, col: 0 }, 6, 10)).toEqual({ row: 0, col: 0 });
  expect(moveByKey("ArrowRight", { row: 5, col: 9 }, 6, 10)).toEqual({ row: 5, col: 9 });
});
