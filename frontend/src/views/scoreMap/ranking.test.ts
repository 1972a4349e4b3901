import { expect, test } from "vitest";
import { rankingOf, strongest } from "./ranking";

const VALUES = Float64Array.of(0.2, -0.9, NaN, 0.7, 0.2, 0);

test("a rank is one more than the number of higher values, and equal values have the same", () => {
  const { ranks, count } = rankingOf(VALUES, "high");
  VALUES.forEach((value, head) => {
    let higher = 0;
    for (const other of VALUES) if (other > value) higher++;
    expect(ranks[head]).toBe(Number.isNaN(value) ? 0 : higher + 1);
  });
  expect(count).toBe(5);
});

test("by size, ranks and order are of magnitudes", () => {
  const { ranks, order } = rankingOf(VALUES, "size");
  expect(order).toEqual([1, 3, 0, 4, 5, 2]);
  expect(Array.from(ranks)).toEqual([3, 1, 0, 2, 3, 5]);
});

test("the lowest come first where asked, and heads without a value last", () => {
  expect(rankingOf(VALUES, "low").order).toEqual([1, 5, 0, 4, 3, 2]);
  expect(rankingOf(VALUES, "high").order).toEqual([3, 0, 4, 5, 1, 2]);
  expect(rankingOf(VALUES, "model").order).toEqual([0, 1, 2, 3, 4, 5]);
});

test("the strongest head has the largest magnitude, whatever its sign", () => {
  expect(strongest(VALUES)).toBe(1);
  expect(strongest(Float64Array.of(NaN, NaN, -0.1))).toBe(2);
  expect(strongest(Float64Array.of(NaN, 0))).toBe(1);
});
