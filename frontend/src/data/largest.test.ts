import { expect, test } from "vitest";
import { largestByMagnitude } from "./largest";

const items = [0.5, NaN, -2, 2, 0, -0.5].map((value, index) => ({ index, value }));
const indices = (count?: number) => largestByMagnitude(items, count).map(({ index }) => index);

test("the largest are those of largest magnitude, the largest first, equal ones in their order", () => {
  expect(indices(3)).toEqual([2, 3, 0]);
});

test("without a count all that have a value are sorted, and the items stay as they are", () => {
  expect(indices()).toEqual([2, 3, 0, 5, 4]);
  expect(items.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
});
