import { expect, test } from "vitest";
import { headAcross, matrixBoxes } from "./neighbour";
import { headMatrix } from "./matrix";

const named = (...names: string[]) => names.map((name) => ({ name, layer: 0 }));
const model = (layers: number, heads: number) =>
  named(...Array.from({ length: layers * heads }, (_, i) => `${Math.floor(i / heads)}.${i % heads}`));

test("each head of a whole model stands in the row of its layer and the column of its number", () => {
  const matrix = headMatrix(model(12, 16))!;
  expect(matrix.columns).toEqual(Array.from({ length: 16 }, (_, head) => `H${head}`));
  matrix.rows.forEach((row, layer) => {
    expect([row.title, row.start, row.end]).toEqual([`L${layer}`, 16 * layer, 16 * (layer + 1)]);
    expect(row.slots).toEqual(Array.from({ length: 16 }, (_, head) => 16 * layer + head));
  });
});

test("some heads of some layers keep their columns, and the places of the others stay empty", () => {
  const matrix = headMatrix(named("L2H0", "L2H5", "L7H3", "L7H5"))!;
  expect(matrix.columns).toEqual(["H0", "H3", "H5"]);
  expect(matrix.rows.map(({ title, slots }) => [title, slots])).toEqual([
    ["L2", [0, null, 1]],
    ["L7", [null, 2, 3]],
  ]);
});

test.each([
  ["one layer", ["5.0", "5.1", "5.2"]],
  ["names that the user gave", ["0.0", "0.1", "mover", "1.1"]],
  ["an order that is not that of layers", ["1.0", "1.1", "0.0", "0.1"]],
  ["an order that is not that of heads", ["0.1", "0.0", "1.0", "1.1"]],
  ["a head that is there twice", ["0.0", "0.0", "1.0", "1.0"]],
  ["few heads of many layers", ["0.1", "3.7", "9.6", "9.9"]],
])("%s is no matrix", (_, names) => {
  expect(headMatrix(named(...names))).toBeNull();
});

test("arrow keys go to the row above or below, and to the nearest head where the column has none", () => {
  const matrix = headMatrix(named("0.0", "0.1", "0.2", "1.0", "1.1", "2.1", "2.2"))!;
  const button = {
    perRow: 3,
    gap: 1,
    width: 30,
    height: 30,
    picture: { left: 1, top: 1, width: 28, height: 28 },
  };
  const boxes = matrixBoxes(matrix.rows, button);
  expect([0, 1, 2, 3, 4].map((head) => headAcross("down", head, boxes))).toEqual([3, 4, 4, 5, 5]);
  expect([3, 5, 6].map((head) => headAcross("up", head, boxes))).toEqual([0, 4, 4]);
  expect(headAcross("down", 6, boxes)).toBeNull();
});
