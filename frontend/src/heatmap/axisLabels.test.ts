import { expect, test } from "vitest";
import { placedLabel, placedLabels, tokenAxis } from "./axisLabels";

test("tokens are numbered by their positions, or by their index; texts only by given positions", () => {
  expect(placedLabel(tokenAxis("", ["a", "b"]), 1, 20).number).toBe(1);
  expect(placedLabel(tokenAxis("", ["a", "b"], [7, 9]), 1, 20).number).toBe(9);
  expect(placedLabel({ labels: ["Layer 0"], title: "", kind: "text" }, 0, 20).number).toBeNull();
  expect(placedLabel({ labels: ["Layer 3"], positions: [3], title: "", kind: "text" }, 0, 20).number).toBe(3);
});

test("a label stands in the middle of its row or column", () => {
  expect(placedLabels(tokenAxis("", ["a", "b", "c"]), 20).map(({ middle }) => middle)).toEqual([10, 30, 50]);
});

test("labels that would touch are left out evenly, from the first on", () => {
  const axis = tokenAxis("", Array.from({ length: 10 }, String));
  const indices = placedLabels(axis, 5).map(({ index }) => index);
  expect(indices).toEqual([0, 3, 6, 9]);
});

test("upright labels of three digits do not touch", () => {
  const numbers = { ...tokenAxis("", Array.from({ length: 128 }, String)), upright: true };
  for (const size of [3, 9, 13, 21, 40]) {
    const places = placedLabels(numbers, size).map(({ middle }) => middle);
    for (const [i, place] of places.slice(1).entries()) expect(place - places[i]!).toBeGreaterThanOrEqual(22);
  }
});

test("a name is always there, without a number, and no other label is near it", () => {
  const names = new Set([4]);
  const axis = {
    ...tokenAxis(
      "",
      Array.from({ length: 10 }, (_, i) => `${i}`),
    ),
    names,
  };
  const shown = placedLabels(axis, 5);
  expect(shown.map(({ index }) => index)).toEqual([0, 4, 9]);
  expect(shown[1]).toMatchObject({ number: null, kind: "text", text: "4" });
  expect(shown[0]).toMatchObject({ number: 0, kind: "token" });
});

test("a part of an axis has the labels of the whole axis that stand in it", () => {
  const axis = { ...tokenAxis("", Array.from({ length: 300 }, String)), names: new Set([101]) };
  for (const size of [0.7, 3, 11, 24])
    for (const [from, length] of [
      [0, 200],
      [97.3, 123],
      [300 * size - 90, 90],
    ] as const)
      expect(placedLabels(axis, size, { from, length })).toEqual(
        placedLabels(axis, size).filter(({ middle }) => middle >= from && middle <= from + length),
      );
});
