import { expect, test } from "vitest";
import { headAcross, headAlong, type HeadBox } from "./neighbour";

/** Three rows of four heads, the last row with two. */
const boxes: HeadBox[] = Array.from({ length: 10 }, (_, index) => ({
  index,
  left: 50 * (index % 4),
  top: 70 * Math.floor(index / 4),
  height: 66,
}));

test("left and right go through all heads, and stop at both ends", () => {
  expect([headAlong("ArrowRight", 3, 10), headAlong("ArrowLeft", 4, 10)]).toEqual([4, 3]);
  expect([headAlong("ArrowRight", 9, 10), headAlong("ArrowLeft", 0, 10)]).toEqual([9, 0]);
  expect([headAlong("Home", 5, 10), headAlong("End", 5, 10), headAlong("a", 5, 10)]).toEqual([0, 9, null]);
});

test("down leads to the head below, up back to it", () => {
  expect([headAcross("down", 1, boxes), headAcross("up", 5, boxes)]).toEqual([5, 1]);
});

test("below the end of a shorter row the nearest head of that row is next", () => {
  expect(headAcross("down", 7, boxes)).toBe(9);
});

test("above the first row and below the last one there is none", () => {
  expect([headAcross("up", 2, boxes), headAcross("down", 9, boxes)]).toEqual([null, null]);
});
