import { expect, test } from "vitest";
import { nextTab } from "./nextTab";

test("arrows go round, Home and End go to the ends, and other keys go nowhere", () => {
  expect(nextTab("ArrowRight", 1, 3)).toBe(2);
  expect(nextTab("ArrowRight", 2, 3)).toBe(0);
  expect(nextTab("ArrowLeft", 0, 3)).toBe(2);
  expect(nextTab("Home", 2, 3)).toBe(0);
  expect(nextTab("End", 0, 3)).toBe(2);
  expect(nextTab("ArrowLeft", 0, 1)).toBe(0);
  expect(["Enter", "ArrowDown", "a", "Tab"].map((key) => nextTab(key, 1, 3))).toEqual([
    null,
    null,
    null,
    null,
  ]);
});
