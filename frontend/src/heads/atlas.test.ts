import { expect, test } from "vitest";
import { extent, GAP, placesOf, sheetOf } from "./atlas";

const flat = (width: number, height: number, pixel: number) => ({
  width,
  height,
  pixels: new Uint32Array(width * height).fill(pixel),
});

test("as many buttons stand in a row as fit, at least one, and no more than there are", () => {
  const picture = { width: 46, height: 46 };
  const button = placesOf(120, picture, 4, 1000).width;
  expect(placesOf(120, picture, 4, 12 * (button + GAP) - GAP).perRow).toBe(12);
  expect(placesOf(120, picture, 4, 12 * (button + GAP) - GAP - 1).perRow).toBe(11);
  expect(placesOf(12, picture, 4, 10).perRow).toBe(1);
  expect(placesOf(3, picture, 4, 1000).perRow).toBe(3);
});

test("buttons move closer for a group to stand in one row, but do not touch", () => {
  const picture = { width: 46, height: 46 };
  const wide = placesOf(12, picture, 4, 1000);
  for (let room = extent(wide, 12).width; room > 300; room--) {
    const places = placesOf(12, picture, 4, room);
    expect(extent(places, 12).width).toBeLessThanOrEqual(room);
    expect(places.picture.left).toBeGreaterThan(0);
    expect([12, 6, 4]).toContain(places.perRow);
    if (room >= 12 * (46 + 2 + GAP) - GAP) expect(places.perRow).toBe(12);
  }
});

test("rows are of one length, as far as they can be", () => {
  const picture = { width: 46, height: 46 };
  for (let count = 1; count < 40; count++) {
    const { perRow } = placesOf(count, picture, 4, 500);
    const last = count % perRow || perRow;
    expect(perRow - last).toBeLessThan(Math.ceil(count / perRow));
  }
});

test("a group that is smaller than the largest has its columns, and takes no more room than it needs", () => {
  const places = placesOf(12, { width: 46, height: 46 }, 4, 1000);
  expect(extent(places, 3).width).toBe(3 * (places.width + GAP) - GAP);
});

test("a name that is longer than its picture makes the button wider, up to a limit, and the picture stays in its middle", () => {
  const [short, long, longest] = [2, 8, 40].map((name) => placesOf(5, { width: 34, height: 34 }, name, 500));
  expect(long!.width).toBeGreaterThan(short!.width);
  expect(longest!.width).toBeLessThan(2 * short!.width);
  for (const places of [short!, long!, longest!])
    expect(places.width - places.picture.width - places.picture.left).toBe(places.picture.left);
});

test("each picture is in its button's place with every cell as large as the others, and nothing is drawn elsewhere", () => {
  const places = placesOf(5, { width: 6, height: 4 }, 0, 46);
  expect(places.perRow).toBe(3);
  const pictures = [1, 2, 3, 4, 5].map((i) => ({
    width: 3,
    height: 2,
    pixels: Uint32Array.from([0, 1, 2, 3, 4, 5], (cell) => 10 * i + cell),
  }));
  const sheet = sheetOf(pictures, places);
  const want = flat(extent(places, 5).width, extent(places, 5).height, 0);
  for (let i = 0; i < 5; i++)
    for (let y = 0; y < 4; y++)
      for (let x = 0; x < 6; x++) {
        const row = Math.floor(i / 3) * (places.height + GAP) + places.picture.top + y;
        const col = (i % 3) * (places.width + GAP) + places.picture.left + x;
        want.pixels[row * want.width + col] = 10 * (i + 1) + 3 * Math.floor(y / 2) + Math.floor(x / 2);
      }
  expect(sheet).toEqual(want);
});

test("a single row of cells may be drawn taller than it is", () => {
  const places = placesOf(1, { width: 4, height: 14 }, 0, 50);
  const sheet = sheetOf([flat(4, 1, 7)], places);
  expect(sheet.pixels.filter((pixel) => pixel === 7).length).toBe(4 * 14);
});

test("a picture that is not there yet leaves its place empty", () => {
  const places = placesOf(2, { width: 4, height: 4 }, 0, 50);
  const sheet = sheetOf([null, flat(4, 4, 7)], places);
  expect(sheet.pixels.filter((pixel) => pixel !== 0).length).toBe(16);
});
