import { expect, test } from "vitest";
import { headQuery } from "./headQuery";

test("a head is found in every notation", () => {
  for (const query of [
    "9.6",
    "L9H6",
    "l9h6",
    "9 6",
    "9,6",
    " 9:6 ",
    "L9 H6",
    "l9.h6",
    "head 9.6",
    "layer 9 head 6",
    "09.06",
  ]) {
    expect(headQuery(query, "dot")).toBe("9.6");
    expect(headQuery(query, "LH")).toBe("L9H6");
  }
});

test("a layer alone is the beginning of its heads' names, not a number of a list", () => {
  for (const query of ["9", "L9", "9.", "L9H"]) expect(headQuery(query, "dot")).toBe("9.");
  expect(headQuery("9", "LH")).toBe("L9H");
});

test("other texts stay as they are", () => {
  for (const query of ["", "name mover", "9.6.1", "-1"]) expect(headQuery(query, "dot")).toBe(query);
});
