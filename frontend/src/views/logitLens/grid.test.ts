import { describe, expect, test } from "vitest";
import {
  ABOVE,
  BELOW,
  CELL,
  cellAt,
  cornerOf,
  inSight,
  NAMES,
  revealing,
  shows,
  strips,
  wholeSize,
} from "./grid";

const view = {
  rows: 9,
  cols: 50,
  frame: { width: NAMES + 4.5 * CELL.width, height: ABOVE + BELOW + 3 * CELL.height },
};

describe("the grid", () => {
  const at = (left: number, top: number) => ({ ...view, scroll: { left, top } });

  test("has all cells in sight, also those that are cut", () => {
    expect(inSight(at(0, 0))).toEqual({ top: 0, bottom: 3, left: 0, right: 5 });
    expect(inSight(at(1.5 * CELL.width, 10))).toEqual({ top: 0, bottom: 4, left: 1, right: 6 });
    expect(inSight(at(46 * CELL.width, 6 * CELL.height))).toEqual({ top: 6, bottom: 9, left: 46, right: 50 });
  });

  test("finds the cell at each point, and none at labels", () => {
    const shown = at(1.5 * CELL.width, 2 * CELL.height + 4);
    for (const cell of [
      { row: 2, col: 2 },
      { row: 3, col: 5 },
    ]) {
      const { x, y } = cornerOf(shown, cell);
      expect(cellAt(shown, x + 1, y + CELL.height / 2)).toEqual(cell);
      expect(shows(shown, cell)).toBe(true);
    }
    expect(cellAt(shown, NAMES - 1, ABOVE + 5)).toBeNull();
    expect(cellAt(shown, NAMES + 5, ABOVE - 1)).toBeNull();
    expect(cellAt(shown, NAMES + 5, shown.frame.height - 1)).toBeNull();
    expect(shows(shown, { row: 8, col: 2 })).toBe(false);
  });

  test("is scrolled as little as a cell needs to be whole", () => {
    const shown = at(2 * CELL.width, CELL.height);
    expect(revealing(shown, { row: 2, col: 3 })).toEqual(shown.scroll);
    expect(revealing(shown, { row: 0, col: 0 })).toEqual({ left: 0, top: 0 });
    expect(revealing(shown, { row: 8, col: 49 })).toEqual({ left: 45.5 * CELL.width, top: 6 * CELL.height });
  });

  test("is cut into strips on paper, which together have each column once", () => {
    const sheets = strips(at(0, 0), 0, 680);
    const columns = sheets.flatMap((part) => {
      const { left, right } = inSight(part);
      expect(part.frame.width).toBeLessThanOrEqual(680);
      expect(inSight(part)).toMatchObject({ top: 0, bottom: 9 });
      return Array.from({ length: right - left }, (_, i) => left + i);
    });
    expect(columns).toEqual(Array.from({ length: 50 }, (_, i) => i));
    expect(strips({ ...at(0, 0), cols: 2000 }, 300, 680)[0]?.scroll.left).toBe(300 * CELL.width);
    expect(wholeSize(9, 50)).toEqual({
      width: NAMES + 50 * CELL.width,
      height: ABOVE + 9 * CELL.height + BELOW,
    });
  });
});
