import { expect, test } from "vitest";
import { grouped } from "./grouping";
import { pythonList } from "./keeping";

test("every head is listed once: below its group, or at the end in the order of the list", () => {
  const groups = [
    { score: 1, side: "high", heads: [4, 1] },
    { score: 0, side: "low", heads: [3] },
  ] as const;
  const items = grouped(
    groups.map((group) => ({ ...group, heads: [...group.heads] })),
    [5, 4, 3, 2, 1, 0],
  );
  expect(items.map((item) => ("head" in item ? item.head : `group ${item.group}`))).toEqual([
    "group 0",
    4,
    1,
    "group 1",
    3,
    "group -1",
    5,
    2,
    0,
  ]);
  expect(grouped([{ score: 0, side: "high", heads: [0] }], [0])).toEqual([{ group: 0 }, { head: 0 }]);
});

test("kept heads are a Python list of pairs, with the numbers of their layers", () => {
  expect(pythonList([5, 2, 0], [9, 11], 3)).toBe("[(11, 2), (9, 2), (9, 0)]");
  expect(pythonList([], [0], 3)).toBe("[]");
});
