import { expect, test } from "vitest";
import { css, pack, unpack } from "./color";
import { paletteOf } from "./palette";
import { ColorScale } from "./scale";
import { SidedScale } from "./sidedScale";

const palette = paletteOf("light");
const last = <T>(items: readonly T[]) => items[items.length - 1]!;

test("with equal ends it is the ordinary scale", () => {
  const [sided, plain] = [new SidedScale([-2, 2], palette), new ColorScale([-2, 2], palette)];
  for (let value = -3; value <= 3; value += 0.1) expect(sided.pixel(value)).toBe(plain.pixel(value));
  expect(sided.gradient(17)).toEqual(plain.gradient(17));
  expect(sided.ticks()).toEqual(plain.ticks());
});

test("each side reaches its full color at its own end, and keeps it beyond", () => {
  const scale = new SidedScale([-0.5, 8], palette);
  for (const value of [-0.5, -3]) expect(scale.pixel(value)).toBe(pack(last(palette.negative)));
  for (const value of [8, 100]) expect(scale.pixel(value)).toBe(pack(last(palette.positive)));
  expect(scale.pixel(4)).toBe(new ColorScale([0, 8], palette).pixel(4));
  expect(scale.pixel(-0.25)).toBe(new ColorScale([-0.5, 0.5], palette).pixel(-0.25));
  expect([scale.pixel(0), scale.pixel(-0)]).toEqual([pack(palette.zero), pack(palette.zero)]);
});

test.each([
  [[-3, 0], "negative", 1],
  [[0, 3], "positive", 0],
] as const)("a range of one sign, %j, has one side, and the other looks like zero", (range, side, zeroAt) => {
  const scale = new SidedScale(range, palette);
  const sign = side === "negative" ? -1 : 1;
  expect(scale.pixel(sign * 3)).toBe(pack(last(palette[side])));
  expect(scale.pixel(-sign * 3)).toBe(pack(palette.zero));
  expect(scale.ticks().map(({ value, place }) => [value, place])).toContainEqual([0, zeroAt]);
  expect(scale.ticks()).toHaveLength(2);
  const colors = scale.gradient(9);
  expect(colors[8 * zeroAt]).toBe(css(palette.zero));
  expect(colors[8 * (1 - zeroAt)]).toBe(css(last(palette[side])));
});

test("a value has the color that the legend has at its place", () => {
  const scale = new SidedScale([-2, 10], palette);
  const colors = scale.gradient(201);
  for (const [value, place] of [
    [-1, 0.25],
    [5, 0.75],
    [0, 0.5],
  ] as const)
    expect(colors[200 * place]).toBe(css(unpack(scale.pixel(value))));
});

test("a missing value has the color of missing values", () => {
  expect(new SidedScale([-1, 0], palette).pixel(NaN)).toBe(pack(palette.missing));
});
