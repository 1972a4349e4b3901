import { describe, expect, test } from "vitest";
import { boundOf, largestOf } from "../data/bounds";
import { matrixOf } from "../data/matrix";
import type { Tensor } from "../props";
import { columnText, exponentOf, formatTick, formatValue, lastPlace, readable } from "./number";

/** Numbers from 0 to 1, the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Half of one unit of the last digit that a text shows. */
function halfUnit(text: string): number {
  const [digits = "", exponent = "0"] = text.split("e");
  const decimals = digits.split(".")[1]?.length ?? 0;
  return 0.5 * 10 ** (Number(exponent) - decimals);
}

const random = seeded(1);
const TOP = { uint8: 254, uint16: 65534, uint24: 16777214 } as const;

/** What _encode.py makes of a head of that magnitude, and a value of it with the code that it gets. */
function encoded(dtype: keyof typeof TOP, signed: boolean, magnitude: number) {
  const zero = signed ? TOP[dtype] / 2 : 0;
  const scale = magnitude / (signed ? zero : TOP[dtype]);
  const tensor: Tensor = {
    dtype,
    shape: [2, 1, 1],
    layout: "full",
    zero,
    scales: [1e6, scale], // beside a head of another magnitude
    missing: TOP[dtype] + 1,
    errorSteps: 0.51,
    chunks: ["", ""],
  };
  const steep = random() < 0.5 ? 1 : 12;
  const value = magnitude * random() ** steep * (signed && random() < 0.5 ? -1 : 1);
  const code = Math.round(value / scale) + zero;
  return { tensor, value, decoded: matrixOf(tensor, 1, Uint32Array.from([code])).at(0, 0) };
}

/** Errors of computing with doubles, by which a comparison may be off. */
const SLACK = 1 + 1e-9;

describe.each(["uint8", "uint16", "uint24"] as const)("of %s codes of any magnitude", (dtype) => {
  test.each([
    ["a value", formatValue],
    ["a number in a column", columnText],
    ["a legend's end", formatTick],
  ])("%s read back is within the bound and half a unit of its last digit", (_, format) => {
    for (let i = 0; i < 20_000; i++) {
      const magnitude = 10 ** (60 * random() - 30);
      const { tensor, value, decoded } = encoded(dtype, random() < 0.5, magnitude);
      const bound = boundOf(tensor, 1);
      expect(largestOf(tensor, 1)).toBeCloseTo(magnitude, -Math.log10(magnitude) + 6);
      const text = format(decoded, bound);
      const about = text === "≈0"; // "0" to the last place that is sure, which no digit shows
      const shown = about ? 0 : Number(text);
      const half = about ? 0.5 * 10 ** lastPlace(bound) : halfUnit(text);
      if (!(Math.abs(shown - value) <= (bound + half) * SLACK) || half < bound / SLACK)
        expect.fail(`${value} as ${decoded} within ${bound} is written ${text}`);
    }
  });

  test("a value has as many digits as are sure, but no more than seven decimals without an exponent", () => {
    for (let i = 0; i < 20_000; i++) {
      const { tensor, decoded } = encoded(dtype, random() < 0.5, 10 ** (60 * random() - 30));
      const text = formatValue(decoded, boundOf(tensor, 1));
      if (text !== "≈0" && Number(text) !== 0)
        expect(halfUnit(text)).toBeLessThan(10 * boundOf(tensor, 1) * SLACK);
    }
  });
});

test.each([
  [0.123456, 7.8e-6, "0.1235"],
  [-0.00001, 7.8e-6, "0.0000"],
  [0.444, 0.51 * (0.444 / 65534), "0.44400"],
  [973977, 0.51 * (1e6 / 65534), "9.740e+5"],
  [1.526e-8, 0.51 * (5e-4 / 65534), "2e-8"],
  [5e-4, 0.51 * (5e-4 / 65534), "5.0000e-4"],
  [3e-9, 1e-13, "3.000e-9"],
  [2e9, 100, "2.000000e+9"],
  [9.9996e5, 500, "1.000e+6"],
  [12.34, 0.3, "12"],
  [7, 5, "1e+1"],
  [-7, 5, "-1e+1"],
  [3, 5, "≈0"],
  [0, 5, "≈0"],
  [0, 1e-20, "0"],
  [0, 0, "0.0000"],
  [NaN, 7.8e-6, "no value"],
])("%d with bound %d is written %s", (value, bound, want) => expect(formatValue(value, bound)).toBe(want));

test.each([
  [0.123456, 1e-6, "0.123"],
  [-0.0001, 1e-6, "0.000"],
  [12.3456, 1e-6, "12.35"],
  [123.456, 1e-6, "123.5"],
  [1234.5, 1e-6, "1235"],
  [0.5, 0.03, "0.5"],
  [123456, 1e-3, "1.2e+5"],
  [123456, 2e4, "1e+5"],
  [2.34e-6, 1e-10, "2.3e-6"],
  [NaN, 1e-6, ""],
])("in a column %d with bound %d is written %s", (value, bound, want) =>
  expect(columnText(value, bound)).toBe(want),
);

test.each([
  [1, 0, "1"],
  [-0.33333, 0, "-0.333"],
  [1234.4, 0, "1234"],
  [973984, 0, "9.74e+5"],
  [5e-9, 0, "5e-9"],
  [0.123456, 0.003, "0.12"],
  [0, 0, "0"],
])("at an end of a legend %d with bound %d is written %s", (value, bound, want) =>
  expect(formatTick(value, bound)).toBe(want),
);

test.each([
  [1e-9, 12, 4],
  [1e-9, 0.4, 4],
  [1e-9, 0.04, 5],
  [1e-12, 3e-6, 9],
  [0.01, 12, 1],
])("with bound %d, values up to %d are compared with %i decimals", (bound, largest, decimals) =>
  expect(lastPlace(readable(bound, largest))).toBe(-decimals),
);

test("an exponent is that of scientific notation", () =>
  expect([0, 1, 999.9, 1000, -0.0012, 1e-30].map(exponentOf)).toEqual([0, 0, 2, 3, -3, -30]));
