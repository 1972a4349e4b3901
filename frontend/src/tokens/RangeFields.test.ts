import { fireEvent, render, screen } from "@testing-library/svelte";
import { expect, test } from "vitest";
import type { Range } from "../color/scale";
import RangeFields from "./RangeFields.svelte";
import { endText, parseNumber, rangeError } from "./rangeText";

test("an end is written with four digits, and read in any common spelling", () => {
  expect([0, -7.18391, 123456, 1e-9].map(endText)).toEqual(["0", "-7.184", "123500", "1e-9"]);
  expect(["1.5", " -2 ", "1e-3", "0,25", "\u22121"].map(parseNumber)).toEqual([1.5, -2, 0.001, 0.25, -1]);
  expect(["", "x", "1 2", "--1"].map(parseNumber)).toEqual([NaN, NaN, NaN, NaN]);
});

test("a range is refused by its fault", () => {
  expect(rangeError([-1, 2])).toBe("");
  expect([rangeError([-1, 0]), rangeError([0, 1])]).toEqual(["", ""]);
  expect(rangeError([NaN, 1])).toMatch(/number/);
  expect(rangeError([-Infinity, 1])).toMatch(/number/);
  expect(rangeError([1, 2])).toMatch(/lower end is 0 or below/);
  expect(rangeError([-2, -1])).toMatch(/upper end is 0 or above/);
  expect(rangeError([0, 0])).toMatch(/must differ/);
});

function show(range: Range, initial: Range = range) {
  const ranges: Range[] = [];
  const onchange = (next: Range) => ranges.push(next);
  const { rerender } = render(RangeFields, { props: { range, initial, testid: "range", onchange } });
  const [low, high] = screen.getAllByRole<HTMLInputElement>("textbox");
  return { ranges, rerender, low: low!, high: high! };
}

test("a typed end changes the range, and keeps the exact other one", async () => {
  const { ranges, high } = show([-1.23456789, 2]);
  await fireEvent.input(high, { target: { value: "0.5" } });
  expect(ranges).toEqual([[-1.23456789, 0.5]]);
});

test("what is no range changes nothing, is said, and is dropped when the field is left", async () => {
  const { ranges, low } = show([-1, 2]);
  await fireEvent.input(low, { target: { value: "3" } });
  expect([ranges, low.getAttribute("aria-invalid")]).toEqual([[], "true"]);
  expect(screen.getByRole("status").textContent).toMatch(/0 or below/);
  await fireEvent.blur(low);
  expect([low.value, low.getAttribute("aria-invalid")]).toEqual(["-1", "false"]);
  expect(screen.getByRole("status").textContent).toBe("");
});

test("Reset restores the range of the figure, and waits until there is something to restore", async () => {
  const { ranges, rerender } = show([-1, 2]);
  const reset = screen.getByRole<HTMLButtonElement>("button");
  expect(reset.disabled).toBe(true);
  await rerender({ range: [-1, 5] });
  expect(reset.disabled).toBe(false);
  await fireEvent.click(reset);
  expect(ranges).toEqual([[-1, 2]]);
});
