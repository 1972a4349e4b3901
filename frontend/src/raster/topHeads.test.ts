import { expect, test } from "vitest";
import { TopHeads } from "./topHeads";

const VALUES = [0.3, -0.7, 0.1, 0, 0.7, -0.2, 0.9, 0.4];

test.each([1, 3])(
  "the top %i of a cell are its largest magnitudes, strongest first; of equal ones, the first that was offered",
  (count) => {
    const top = new TopHeads(2, count);
    VALUES.forEach((value, head) => top.offer(1, head, value));
    const want = VALUES.map((value, head) => ({ head, value }))
      .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
      .slice(0, count);
    expect(top.at(1).map(({ head }) => head)).toEqual(want.map(({ head }) => head)); // 0.7 came after -0.7
    top.at(1).forEach(({ value }, i) => expect(value).toBeCloseTo(want[i]!.value, 6));
  },
);

test("a cell that no head was offered at has none, and no largest value", () => {
  const top = new TopHeads(2, 3);
  top.offer(1, 0, 0.5);
  expect(top.at(0)).toEqual([]);
  expect(top.largest(0)).toBeNaN();
});

test("a value of zero counts", () => {
  const top = new TopHeads(1, 3);
  top.offer(0, 5, 0);
  expect(top.at(0)).toEqual([{ head: 5, value: 0 }]);
});

test("the threshold of a cell is its weakest kept magnitude once the list is full", () => {
  const top = new TopHeads(1, 2);
  top.offer(0, 0, 0.5);
  expect(top.thresholds[0]).toBeNaN();
  top.offer(0, 1, -0.25);
  expect(top.thresholds[0]).toBe(0.25);
  top.offer(0, 2, 0.125);
  expect(top.at(0).map(({ head }) => head)).toEqual([0, 1]);
});
