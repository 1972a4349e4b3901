/**
 * The thumbnails of many heads in one raster, an atlas. The browser would make a layer of each canvas: drawing 144 of them takes
 * a fifth of a second longer than one, at first and whenever something around them changes.
 */
import type { Raster } from "../raster/paint";

/** CSS pixels around a thumbnail in its button, the same where room is short, and between buttons. */
export const PAD = 4;
export const TIGHT_PAD = 1;
export const GAP = 2;
/** CSS pixels between the buttons of a matrix, which are many. */
export const MATRIX_GAP = 1;
/** Below a thumbnail: the space before the head's name, the name's line, and the space below that. */
export const NAME_SPACE = 2;
export const NAME_LINE = 15;
export const BOTTOM = 2;
const BELOW = NAME_SPACE + NAME_LINE + BOTTOM;
/** Width of a character of a name, and the number of characters beyond which a name is cut. */
const CHARACTER = 6.5;
const LONGEST_NAME = 9;

/** Buttons of a group of heads: all of one size, row by row. In CSS pixels. */
export interface ButtonGrid {
  perRow: number;
  /** Between buttons. */
  gap: number;
  /** Size of a button. */
  width: number;
  height: number;
  /** The thumbnail in the button. */
  picture: { left: number; top: number; width: number; height: number };
}

/**
 * The grid of all groups, which then have the same columns. A group stands in one row if its buttons fit when they move closer. Else
 * its rows are as equal in length as possible: one head alone in the last row would look like something else.
 *
 * @param count heads of the largest group
 * @param longest characters of the longest name
 * @param room width that a group may take
 * @param pad around a thumbnail
 */
export function buttonGrid(
  count: number,
  picture: { width: number; height: number },
  longest: number,
  room: number,
  pad = PAD,
): ButtonGrid {
  const name = Math.ceil(Math.min(longest, LONGEST_NAME) * CHARACTER);
  const overhang = Math.ceil(Math.max(0, name - picture.width) / 2);
  const padInOneRow = Math.floor(((room + GAP) / count - GAP - picture.width) / 2) - overhang;
  const left = overhang + (padInOneRow >= TIGHT_PAD ? Math.min(pad, padInOneRow) : pad);
  const width = picture.width + 2 * left;
  const most = Math.max(1, Math.floor((room + GAP) / (width + GAP)));
  const perRow = Math.ceil(count / Math.ceil(count / most));
  return {
    perRow,
    gap: GAP,
    width,
    height: pad + picture.height + BELOW,
    picture: { left, top: pad, ...picture },
  };
}

/** CSS pixels that `count` buttons take. */
export function gridSize(grid: ButtonGrid, count: number): { width: number; height: number } {
  const rows = Math.ceil(count / grid.perRow);
  return {
    width: Math.min(count, grid.perRow) * (grid.width + grid.gap) - grid.gap,
    height: rows * (grid.height + grid.gap) - grid.gap,
  };
}

/** All thumbnails in the places of their buttons, one pixel per CSS pixel. Transparent between them, and for null (no head, or not decoded). */
export function atlasOf(thumbnails: readonly (Raster | null)[], grid: ButtonGrid): Raster {
  const { width, height } = gridSize(grid, thumbnails.length);
  const atlas = { width, height, pixels: new Uint32Array(width * height) };
  thumbnails.forEach((thumbnail, i) => {
    if (!thumbnail) return;
    const left = (i % grid.perRow) * (grid.width + grid.gap) + grid.picture.left;
    const top = Math.floor(i / grid.perRow) * (grid.height + grid.gap) + grid.picture.top;
    copyScaled(thumbnail, atlas, { ...grid.picture, left, top });
  });
  return atlas;
}

/** Copies a raster into a box of the atlas, each cell as a block of pixels. */
function copyScaled(raster: Raster, atlas: Raster, box: ButtonGrid["picture"]): void {
  const { left, top, width, height } = box;
  let rowAbove = -1;
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * raster.height) / height);
    const to = (top + y) * atlas.width + left;
    if (row === rowAbove) {
      atlas.pixels.copyWithin(to, to - atlas.width, to - atlas.width + width);
      continue;
    }
    rowAbove = row;
    const from = row * raster.width;
    for (let x = 0; x < width; x++) {
      atlas.pixels[to + x] = raster.pixels[from + Math.floor((x * raster.width) / width)] as number;
    }
  }
}
