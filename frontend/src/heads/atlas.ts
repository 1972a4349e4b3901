/**
 * The small pictures of many heads as one picture. A canvas of its own for each would be drawn by the browser as a layer of
 * its own: 144 of them take a fifth of a second more than one, at first and whenever something around them changes.
 */
import type { Raster } from "../raster/paint";

/** CSS pixels of a head's button around its picture, where room is short, and between buttons. Thumbnail.svelte keeps to them. */
export const PAD = 4;
export const TIGHT_PAD = 1;
export const GAP = 2;
/** Below a picture: the space before the head's name, the name's line, and the space below that. */
export const NAME_SPACE = 2;
export const NAME_LINE = 15;
export const BOTTOM = 2;
const BELOW = NAME_SPACE + NAME_LINE + BOTTOM;
/** A character of a name, at most so many of them: longer names are cut off. */
const CHARACTER = 6.5;
const LONGEST_NAME = 9;

/** Where the buttons of a group are: all alike, row by row. All in CSS pixels. */
export interface Places {
  perRow: number;
  /** Of a button. */
  width: number;
  height: number;
  /** Of the picture in it. */
  picture: { left: number; top: number; width: number; height: number };
}

/**
 * Of all groups, which then have the same columns. A group stands in one row where its buttons need only move closer for it; else its rows
 * are of one length, as far as they can be: one head alone in the last row looks as if it were something else.
 *
 * @param count heads of the largest group
 * @param longest characters of the longest name
 * @param room width that a group may take
 * @param pad around a picture
 */
export function placesOf(
  count: number,
  picture: { width: number; height: number },
  longest: number,
  room: number,
  pad = PAD,
): Places {
  const name = Math.ceil(Math.min(longest, LONGEST_NAME) * CHARACTER);
  const half = Math.ceil(Math.max(0, name - picture.width) / 2);
  const inOneRow = Math.floor(((room + GAP) / count - GAP - picture.width) / 2) - half;
  const left = half + (inOneRow >= TIGHT_PAD ? Math.min(pad, inOneRow) : pad);
  const width = picture.width + 2 * left;
  const most = Math.max(1, Math.floor((room + GAP) / (width + GAP)));
  const perRow = Math.ceil(count / Math.ceil(count / most));
  return { perRow, width, height: pad + picture.height + BELOW, picture: { left, top: pad, ...picture } };
}

/** CSS pixels that `count` buttons take. */
export function extent(places: Places, count: number): { width: number; height: number } {
  const rows = Math.ceil(count / places.perRow);
  return {
    width: Math.min(count, places.perRow) * (places.width + GAP) - GAP,
    height: rows * (places.height + GAP) - GAP,
  };
}

/** All pictures where their buttons are, one pixel per CSS pixel; transparent between them, and where there is none. */
export function sheetOf(pictures: readonly (Raster | null)[], places: Places): Raster {
  const { width, height } = extent(places, pictures.length);
  const sheet = { width, height, pixels: new Uint32Array(width * height) };
  pictures.forEach((picture, i) => {
    if (!picture) return;
    const left = (i % places.perRow) * (places.width + GAP) + places.picture.left;
    const top = Math.floor(i / places.perRow) * (places.height + GAP) + places.picture.top;
    place(picture, sheet, left, top, places.picture.width, places.picture.height);
  });
  return sheet;
}

/** Draws `picture` into that box of the sheet, each cell as a block. */
function place(
  picture: Raster,
  sheet: Raster,
  left: number,
  top: number,
  width: number,
  height: number,
): void {
  let drawn = -1;
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * picture.height) / height);
    const to = (top + y) * sheet.width + left;
    if (row === drawn) {
      sheet.pixels.copyWithin(to, to - sheet.width, to - sheet.width + width);
      continue;
    }
    drawn = row;
    const from = row * picture.width;
    for (let x = 0; x < width; x++) {
      sheet.pixels[to + x] = picture.pixels[from + Math.floor((x * picture.width) / width)] as number;
    }
  }
}
