import { describe, expect, test } from "vitest";
import { figureOf } from "../../../test/fixtures";
import { decodeChunk } from "../../data/decode";
import { matrixOf } from "../../data/matrix";
import type { EdgeSide } from "../../props";
import { linesOf, pairsOf, placeOf, REST } from "./lines";

const SIDE: EdgeSide = {
  position: 3,
  token: "a",
  parts: ["embed", "0.0", "0.1", "mlp 0", "bias", "unaccounted"],
  sums: [1, -4, 0.5, 2, -0.25, 9],
};

describe("the lines of a side", () => {
  test("are the largest parts, the sum of the others, and what is unaccounted", () => {
    expect(linesOf(SIDE, "size", 2)).toEqual([
      { key: 1, name: "0.0", value: -4, parts: [1] },
      { key: 3, name: "mlp 0", value: 2, parts: [3] },
      { key: REST, name: "3 others", value: 1.25, parts: [0, 2, 4] },
      { key: 5, name: "unaccounted", value: 9, parts: [5] },
    ]);
  });

  test("may be in the order of the model", () => {
    expect(linesOf(SIDE, "model", 3).map(({ key }) => key)).toEqual([0, 1, 3, REST, 5]);
    expect(linesOf(SIDE, "model", null).map(({ key }) => key)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test("are all parts where one alone would be left", () => {
    expect(linesOf(SIDE, "size", 4).map(({ key }) => key)).toEqual([1, 3, 0, 2, 4, 5]);
  });

  test("have a place unless they are among the others", () => {
    const lines = linesOf(SIDE, "size", 2);
    expect([1, 3, REST, 5, 0, null].map((key) => placeOf(lines, key))).toEqual([0, 1, 2, 3, null, null]);
  });
});

describe.each(["edge", "edge-144-heads"])("the pairs of %s", (name) => {
  const { props } = figureOf("EdgeSplit", name);

  test.each([10, null])("sum to the lines of both sides and to the score (%s)", async (count) => {
    const table = matrixOf(props.table, 0, await decodeChunk(props.table, 0));
    const [rows, cols] = [linesOf(props.query, "size", count), linesOf(props.key, "size", count)];
    const pairs = pairsOf(table, rows, cols);
    const bound =
      props.table.errorSteps * props.table.scales[0]! * props.query.parts.length * props.key.parts.length;
    const close = (a: number, b: number) => expect(Math.abs(a - b)).toBeLessThanOrEqual(bound + 1e-7);
    for (const [row, { value }] of rows.entries())
      close(
        cols.reduce((sum, _, col) => sum + pairs[row * cols.length + col]!, 0),
        value,
      );
    for (const [col, { value }] of cols.entries())
      close(
        rows.reduce((sum, _, row) => sum + pairs[row * cols.length + col]!, 0),
        value,
      );
    close(
      pairs.reduce((sum, value) => sum + value, 0),
      props.score - props.added,
    );
  });
});
