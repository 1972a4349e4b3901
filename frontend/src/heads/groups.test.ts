import { expect, test } from "vitest";
import { groupByLayer, splitLong } from "./groups";

test("heads are grouped in runs of equal layer, in the order given", () => {
  const heads = [3, 3, 0, 3].map((layer, i) => ({ name: String(i), layer }));
  expect(groupByLayer(heads).map(({ title, slots }) => [title, slots])).toEqual([
    ["Layer 3", [0, 1]],
    ["Layer 0", [2]],
    ["Layer 3", [3]],
  ]);
  expect(groupByLayer(heads.slice(0, 2))).toEqual([{ title: null, start: 0, end: 2, slots: [0, 1] }]);
});

test("a long group is split into parts that follow each other, and only the first keeps the title", () => {
  const parts = splitLong([{ title: "Layer 3", start: 10, end: 15, slots: [10, 11, 12, 13, 14] }], 2);
  expect(parts).toEqual([
    { title: "Layer 3", start: 10, end: 12, slots: [10, 11] },
    { title: null, start: 12, end: 14, slots: [12, 13] },
    { title: null, start: 14, end: 15, slots: [14] },
  ]);
});
