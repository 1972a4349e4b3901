import { expect, test } from "vitest";
import { findItems, namedItem, rowsInView, scrollTo } from "./findItems";

const numbers = { count: 3072, labels: null };
const labelled = { count: 5, labels: ["attn", "mlp", "MLP out", "4", "embed mlp"] };

test("a number comes before the numbers that begin with it, and those before the ones that contain it", () => {
  const found = findItems(numbers, " 30 ");
  expect(found.slice(0, 4)).toEqual([30, 300, 301, 302]);
  expect(found.indexOf(3071)).toBeLessThan(found.indexOf(130));
  expect(found).toEqual([...new Set(found)]);
  expect(new Set(found)).toEqual(new Set([...Array(3072).keys()].filter((n) => String(n).includes("30"))));
});

test("nothing typed lists all items in order", () => {
  expect(findItems(numbers, "")).toEqual([...Array(3072).keys()]);
});

test("labels are found by their text in either case, and by their number", () => {
  expect(findItems(labelled, "MLP")).toEqual([1, 2, 4]);
  expect(findItems(labelled, "0")).toEqual([0]);
  expect(findItems(labelled, "4")).toEqual([3, 4]); // the label "4" before the item with that number
  expect(findItems(labelled, "nothing")).toEqual([]);
});

test("an item is named by its whole text or its number, and by nothing less", () => {
  expect(namedItem(numbers, "3071")).toBe(3071);
  expect(namedItem(numbers, "3072")).toBeNull();
  expect(namedItem(numbers, "-1")).toBeNull();
  expect(namedItem(labelled, "mlp OUT")).toBe(2);
  expect(namedItem(labelled, "4")).toBe(3);
  expect(namedItem(labelled, "ml")).toBeNull();
  expect(namedItem(labelled, "")).toBeNull();
  expect(namedItem({ count: 2, labels: ["same", "same"] }, "same")).toBeNull();
});

test("of ten thousand rows only those in view and a few beyond are built", () => {
  expect(rowsInView(0, 26, 260, 10_000)).toEqual({ first: 0, end: 14 });
  expect(rowsInView(26 * 9990, 26, 260, 10_000)).toEqual({ first: 9986, end: 10_000 });
  expect(rowsInView(26 * 9990, 26, 260, 3)).toEqual({ first: 2, end: 3 }); // scrolled far down, then few match
  expect(rowsInView(0, 26, 260, 0)).toEqual({ first: 0, end: 0 });
});

test("a list scrolls no further than a row needs", () => {
  expect(scrollTo(5, 0, 26, 260)).toBe(0);
  expect(scrollTo(10, 0, 26, 260)).toBe(26);
  expect(scrollTo(2, 260, 26, 260)).toBe(52);
});
