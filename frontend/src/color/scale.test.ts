import { describe, expect, test } from "vitest";
import { css, pack, ramp, unpack } from "./color";
import { headHue, paletteOf } from "./palette";
import { ColorScale } from "./scale";
import type { TransformName } from "./transform";
import { TRANSFORMS } from "./transform";

const palette = paletteOf("light");
const names = Object.keys(TRANSFORMS) as TransformName[];

describe.each(names)("the %s transform", (transform) => {
  const { strength, share, steps } = TRANSFORMS[transform];
  const scale = new ColorScale([-2, 1], palette, { transform });

  test("maps zero to no strength and the end to the full one", () => {
    expect([strength(0), share(0)]).toEqual([0, 0]);
    expect(strength(1)).toBeCloseTo(1, 12);
    expect(share(1)).toBeCloseTo(1, 12);
  });

  test("increases, and has an inverse", () => {
    for (let t = 0.01; t <= 1; t += 0.01) {
      expect(strength(t)).toBeGreaterThan(strength(t - 0.01));
      expect(share(strength(t))).toBeCloseTo(t, 12);
    }
  });

  test("has enough entries for neighbours to differ by at most 2 % in strength", () => {
    for (let i = 1; i <= steps; i++)
      expect(strength(i / steps) - strength((i - 1) / steps)).toBeLessThan(0.02);
  });

  test("gives zero the neutral color, and both ends their full colors exactly", () => {
    expect(scale.pixel(0)).toBe(pack(palette.zero));
    expect(scale.pixel(-0)).toBe(pack(palette.zero));
    expect(scale.pixel(2)).toBe(pack(palette.positive[3]!));
    expect(scale.pixel(-2)).toBe(pack(palette.negative[3]!));
  });

  test("gives values beyond the ends the ends' colors", () => {
    expect([scale.pixel(1e9), scale.pixel(-Infinity)]).toEqual([scale.pixel(2), scale.pixel(-2)]);
  });

  test("gives a value the color of its strength on the side of its sign", () => {
    const near = (value: number, stops: typeof palette.positive) => {
      const want = ramp(stops, strength(Math.abs(value) / 2));
      unpack(scale.pixel(value)).forEach((channel, i) =>
        expect(Math.abs(channel - want[i]!)).toBeLessThanOrEqual(4),
      );
      expect(scale.strength(value)).toBe(strength(Math.abs(value) / 2));
    };
    for (let value = 1 / 64; value <= 2; value += 1 / 64) {
      near(value, palette.positive);
      near(-value, palette.negative);
    }
  });

  test("has a magnitude for each strength", () => {
    for (let t = 0; t <= 1; t += 1 / 64) expect(scale.strength(scale.magnitude(t))).toBeCloseTo(t, 12);
  });

  test("has ticks in order, each where its value's color is on the legend's bar", () => {
    const ticks = scale.ticks();
    expect(ticks[0]).toEqual({ value: -2, place: 0, text: "-2" });
    expect(ticks.at(-1)).toEqual({ value: 2, place: 1, text: "2" });
    expect(ticks[(ticks.length - 1) / 2]).toEqual({ value: 0, place: 0.5, text: "0" });
    const colors = scale.gradient(2001);
    for (const [i, { value, place }] of ticks.entries()) {
      if (i > 0) expect(place).toBeGreaterThan(ticks[i - 1]!.place);
      const shown = colors[Math.round(2000 * place)]!.match(/\d+/g)!.map(Number);
      unpack(scale.pixel(value)).forEach((channel, k) =>
        expect(Math.abs(channel - shown[k]!)).toBeLessThanOrEqual(4),
      );
    }
  });
});

test("a table holds the ramp's color at every step; a hue's has no negative side", () => {
  const hue = headHue(palette, 3, 12);
  for (const [{ table, zeroIndex }, positive, negative] of [
    [new ColorScale([-1, 1], palette), palette.positive, palette.negative],
    [new ColorScale([0, 1], palette, { hue }), [palette.zero, hue], [palette.zero, palette.zero]],
  ] as const)
    for (let step = 0; step <= zeroIndex; step++) {
      expect(table[zeroIndex + step]).toBe(pack(ramp(positive, step / zeroIndex)));
      expect(table[zeroIndex - step]).toBe(pack(ramp(negative, step / zeroIndex)));
    }
});

test("a scale of one sign leaves the other neutral", () => {
  const both = new ColorScale([-1, 1], palette);
  const positive = new ColorScale([-1, 1], palette, { signs: "positive" });
  const negative = new ColorScale([-1, 1], palette, { signs: "negative" });
  for (const value of [0.25, 1]) {
    expect([positive.pixel(value), negative.pixel(-value)]).toEqual([both.pixel(value), both.pixel(-value)]);
    expect([positive.pixel(-value), negative.pixel(value)]).toEqual([both.pixel(0), both.pixel(0)]);
  }
});

test("a missing value has the color of missing values", () => {
  expect(new ColorScale([0, 1], palette).pixel(NaN)).toBe(pack(palette.missing));
});

test("logarithmic colors tell a hundredth from zero, and a thousandth", () => {
  const linear = new ColorScale([0, 1], palette);
  const log = new ColorScale([0, 1], palette, { transform: "log" });
  expect(linear.strength(0.01)).toBeCloseTo(0.01, 12);
  expect(log.strength(0.01)).toBeGreaterThan(0.3);
  expect(log.strength(0.001)).toBeCloseTo(0.1, 2);
});

test("the legend of an unsigned scale begins at zero", () => {
  const scale = new ColorScale([0, 0.5], palette);
  expect(scale.ticks().map(({ place, text }) => [place, text])).toEqual([
    [0, "0"],
    [1, "0.5"],
  ]);
  expect(scale.gradient(17)[0]).toBe(css(palette.zero));
  expect(scale.gradient(17)[16]).toBe(css(palette.positive[3]!));
});

test("a tick has no digit that is smaller than the error bound", () => {
  const scale = new ColorScale([-0.12345, 0.12345], palette);
  expect(scale.ticks().map(({ text }) => text)).toEqual(["-0.123", "0", "0.123"]);
  expect(scale.ticks(0.004).map(({ text }) => text)).toEqual(["-0.12", "0", "0.12"]);
});

test("bars are as long as their value's share of the end, whatever the transform", () => {
  for (const transform of names) {
    const scale = new ColorScale([0, 4], palette, { transform });
    expect([0, 1, -1, 9].map((value) => scale.share(value))).toEqual([0, 0.25, 0.25, 1]);
  }
});

test("between its ends a legend has numbers of the transform, more of them where it has one side", () => {
  const texts = (transform: TransformName, low: number) =>
    new ColorScale([low, 1], palette, { transform }).ticks().map(({ text }) => text);
  expect(names.map((name) => texts(name, 0))).toEqual([
    ["0", "1"],
    ["0", "0.25", "1"],
    ["0", "0.01", "0.1", "1"],
  ]);
  expect(texts("log", -1)).toEqual(["-1", "-0.1", "0", "0.1", "1"]);
});
