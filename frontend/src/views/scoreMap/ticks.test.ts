import { expect, test } from "vitest";
import { ticksOf } from "./ticks";

test("ticks are round numbers inside of the range", () => {
  expect(ticksOf(0, 1, 5).map(({ text }) => text)).toEqual(["0", "0.2", "0.4", "0.6", "0.8", "1"]);
  expect(ticksOf(-0.031, 0.013, 4).map(({ text }) => text)).toEqual(["-0.02", "0"]);
  expect(ticksOf(1234, 5678, 4).map(({ text }) => text)).toEqual(["2000", "4000"]);
});

test.each([
  [0, 1e-9],
  [-3e7, 5e8],
  [0.99999, 1.00001],
  [-1, 1],
  [2.5, 2.75],
])("from %f to %f they are evenly spaced, at least one, and none is outside", (low, high) => {
  for (const count of [1, 3, 8]) {
    const values = ticksOf(low, high, count).map(({ value }) => value);
    const span = high - low;
    expect(values.length).toBeLessThanOrEqual(2 * count + 2);
    for (const value of values) {
      expect(value).toBeGreaterThanOrEqual(low - 1e-9 * span);
      expect(value).toBeLessThanOrEqual(high + 1e-9 * span);
    }
    for (let i = 2; i < values.length; i++)
      expect(values[i]! - values[i - 1]!).toBeCloseTo(values[1]! - values[0]!, 12);
  }
});

test("a range of one value has that tick", () => {
  expect(ticksOf(2, 2, 5)).toEqual([{ value: 2, text: "2" }]);
});
