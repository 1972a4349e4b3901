import { expect, test } from "vitest";
import { gridSize, GAP, buttonGrid, atlasOf } from "./atlas";

const flat = (width: number, height: number, pixel: number) => ({
  width,
  height,
  pixels: new Uint32Array(width * height).fill(pixel),
});

test("as many buttons stand in a row as fit, at least one, and no more than there are", () => {
  const picture = { width: 46, height: 46 };
  const button = buttonGrid(120, picture, 4, 1000).width;
  expect(buttonGrid(120, picture, 4, 12 * (button + GAP) - GAP).perRow).toBe(12);
  expect(buttonGrid(120, picture, 4, 12 * (button + GAP) - GAP - 1).perRow).toBe(11);
  expect(buttonGrid(12, picture, 4, 10).perRow).toBe(1);
  expect(buttonGrid(3, picture, 4, 1000).perRow).toBe(3);
});

test("buttons move closer for a group to stand in one row, but do not touch", () => {
  const picture = { width: 46, height: 46 };
  const wide = buttonGrid(12, picture, 4, 1000);
  for (let room = gridSize(wide, 12).width; room > 300; room--) {
    const grid = buttonGrid(12, picture, 4, room);
    expect(gridSize(grid, 12).width).toBeLessThanOrEqual(room);
    expect(grid.picture.left).toBeGreaterThan(0);
    expect([12, 6, 4]).toContain(grid.perRow);
    if (room >= 12 * (46 + 2 + GAP) - GAP) expect(grid.perRow).toBe(12);
  }
});

test("rows are as equal in length as possible", () => {
  const picture = { width: 46, height: 46 };
  for (let count = 1; count < 40; count++) {
    const { perRow } = buttonGrid(count, picture, 4, 500);
    const last = count % perRow || perRow;
    expect(perRow - last).toBeLessThan(Math.ceil(count / perRow));
  }
});

test("a smaller group has the columns of the largest one, and takes no more room than it needs", () => {
  const grid = buttonGrid(12, { width: 46, height: 46 }, 4, 1000);
  expect(gridSize(grid, 3).width).toBe(3 * (grid.width + GAP) - GAP);
});

test("a name that is longer than its thumbnail makes the button wider, up to a limit, and the thumbnail stays in the middle", () => {
  const [short, long, longest] = [2, 8, 40].map((name) =>
    buttonGrid(5, { width: 34, height: 34 }, name, 500),
  );
  expect(long!.width).toBeGreaterThan(short!.width);
  expect(longest!.width).toBeLessThan(2 * short!.width);
  for (const grid of [short!, long!, longest!])
    expect(grid.width - grid.picture.width - grid.picture.left).toBe(grid.picture.left);
});

test("each thumbnail is in the place of its button with cells of equal size, and nothing is drawn elsewhere", () => {
  const grid = buttonGrid(5, { width: 6, height: 4 }, 0, 46);
  expect(grid.perRow).toBe(3);
  const pictures = [1, 2, 3, 4, 5].map((i) => ({
    width: 3,
    height: 2,
    pixels: Uint32Array.from([0, 1, 2, 3, 4, 5], (cell) => 10 * i + cell),
  }));
  const atlas = atlasOf(pictures, grid);
  const want = flat(gridSize(grid, 5).width, gridSize(grid, 5).height, 0);
  for (let i = 0; i < 5; i++)
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 6; x++) {
        const row = Math.floor(i / 3) * (grid.height + GAP) + grid.picture.top + y;
        const col = (i % 3) * (grid.width + GAP) + grid.picture.left + x;
        want.pixels[row * want.width + col] = 10 * (i + 1) + 3 * Math.floor(y / 2) + Math.floor(x / 2);
      }
  expect(atlas).toEqual(want);
});

test("a single row of cells may be drawn taller than it is", () => {
  const grid = buttonGrid(1, { width: 4, height: 14 }, 0, 50);
  const atlas = atlasOf([flat(4, 1, 7)], grid);
  expect(atlas.pixels.filter((pixel) => pixel === 7).length).toBe(4 * 14);
});

test("a thumbnail that is not decoded yet leaves its place empty", () => {
  const grid = buttonGrid(2, { width: 4, height: 4 }, 0, 50);
  const atlas = atlasOf([null, flat(4, 4, 7)], grid);
  expect(atlas.pixels.filter((pixel) => pixel !== 0).length).toBe(16);
});

test("the buttons of a matrix stand closer, and a place without a head stays empty", () => {
  const grid = { ...buttonGrid(3, { width: 2, height: 2 }, 0, 500), gap: 1 };
  const atlas = atlasOf([flat(1, 1, 7), null, flat(1, 1, 8)], grid);
  expect(atlas.width).toBe(3 * grid.width + 2);
  const middle = (grid.picture.top + 1) * atlas.width + grid.picture.left;
  expect([0, 1, 2].map((i) => atlas.pixels[middle + i * (grid.width + 1)])).toEqual([7, 0, 8]);
});
