import { expect, test } from "vitest";
import { css, pack, unpack } from "./color";
import { paletteOf } from "./palette";
import { RankScale, type StrongRanks } from "./rankScale";

const palette = paletteOf("light");

test("the first rank is neutral or has the full color, and each factor of ten is a step toward the other", () => {
  const colorsOf = (strong: StrongRanks) =>
    [1, 1000, 40_000].map((rank) => new RankScale(50_000, palette, strong).pixel(rank));
  const [zero, low, high] = [palette.zero, palette.negative[3]!, palette.positive[3]!].map(pack);
  expect(colorsOf("last")).toEqual([zero, low, low]);
  expect(colorsOf("first")).toEqual([high, zero, zero]);
});

test.each(["first", "last"] as const)(
  "the legend has the colors of its ranks where the %s ones are strong",
  (strong) => {
    const scale = new RankScale(50_000, palette, strong);
    expect(scale.ticks()).toEqual(
      [1, 10, 100, 1000].map((value, i) => ({
        value,
        place: expect.closeTo(i / 3, 9),
        text: String(value),
      })),
    );
    for (const { value, place } of scale.ticks())
      expect(scale.gradient(4)[Math.round(3 * place)]).toBe(css(unpack(scale.pixel(value))));
    expect(scale.pixel(NaN)).toBe(pack(palette.missing));
    expect(new RankScale(1, palette, strong).ticks().map(({ text }) => text)).toEqual(["1", "2"]);
  },
);
