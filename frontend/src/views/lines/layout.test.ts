import { describe, expect, test } from "vitest";
import type { Wanted } from "./layout";
import { columnOf, hit, layOut, partsOf, ROW, sourceOrder } from "./layout";

const WANTED: Wanted = {
  available: 1100,
  destRoom: 80,
  srcRoom: 90,
  dHead: 64,
  kind: "product",
  addedTerm: false,
  weighted: false,
  expanded: true,
};

describe("columns", () => {
  test.each([
    [{}, "dest q lines k product dot probability src"],
    [
      { addedTerm: true, weighted: true },
      "dest q lines k product dot addedTerm score probability weighted src",
    ],
    [{ kind: "scores", addedTerm: true }, "dest lines score probability src"],
    [{ kind: "pattern" }, "dest lines probability src"],
    [{ expanded: false, addedTerm: true, weighted: true }, "dest lines src"],
  ] as [Partial<Wanted>, string][])("with %o are %s", (some, parts) => {
    expect(partsOf({ ...WANTED, ...some }).join(" ")).toBe(parts);
  });

  test.each([300, 600, 800, 1100, 2000])("at %i px stand side by side without touching", (available) => {
    const { columns, width } = layOut({ ...WANTED, available, addedTerm: true, weighted: true });
    columns.slice(1).forEach((column, i) => {
      const before = columns[i]!;
      expect(column.x).toBeGreaterThan(before.x + before.width);
    });
    const last = columns.at(-1)!;
    expect(width).toBe(last.x + last.width);
  });

  test("use no more than the place that there is, once it suffices for the smallest", () => {
    for (const available of [560, 700, 800, 1000, 1500])
      expect(layOut({ ...WANTED, available, addedTerm: true, weighted: true }).width).toBeLessThanOrEqual(
        available,
      );
  });

  test("use the place that there is, up to what looks well", () => {
    for (const available of [560, 900, 1124])
      expect(layOut({ ...WANTED, available, weighted: true }).width).toBeGreaterThan(available - 16);
  });

  test("of tokens keep their width, those of vectors are whole pixels per dimension where they can be", () => {
    const layout = layOut(WANTED);
    expect(columnOf(layout, "dest")!.width).toBe(80);
    for (const part of ["q", "k", "product"] as const)
      expect(columnOf(layout, part)!.width % WANTED.dHead).toBe(0);
  });
});

describe("what lies under a point", () => {
  const layout = layOut(WANTED);

  test("is the dimension whose cell it is, at its first and its last pixel", () => {
    const k = columnOf(layout, "k")!;
    const cell = k.width / 64;
    for (const dim of [0, 31, 63]) {
      for (const inside of [0.01, cell - 0.01])
        expect(hit(layout, k.x + dim * cell + inside, 5 * ROW + 1, 64)).toEqual({ part: "k", row: 5, dim });
    }
  });

  test("is no dimension in a column of numbers or tokens", () => {
    for (const part of ["dest", "dot", "probability", "src"] as const) {
      const column = columnOf(layout, part)!;
      expect(hit(layout, column.x + 3, ROW, 64)).toEqual({ part, row: 1, dim: null });
    }
  });

  test("is nothing right of the last column or above the first row", () => {
    expect(hit(layout, layout.width + 50, 5, 64)).toBeNull();
    expect(hit(layout, 5, -1, 64)).toBeNull();
  });
});

test("sources are ordered by value, those without one last, equal ones as they stand", () => {
  const values = [0.1, NaN, 0.5, 0.1, NaN, -2];
  expect(sourceOrder("position", values)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(sourceOrder("probability", values)).toEqual([2, 0, 3, 5, 1, 4]);
});
