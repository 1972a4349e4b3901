import { expect, test } from "vitest";
import { fullMatrix } from "../../test/matrices";
import { pack, unpack } from "../color/color";
import { headHue, paletteOf } from "../color/palette";
import { ColorScale } from "../color/scale";
import { Blend } from "./blend";

const palette = paletteOf("light");

test.each(["linear", "sqrt", "log"] as const)(
  "the overview is as strong as the strongest head and mixes hues by squared values, %s",
  (transform) => {
    const scale = new ColorScale([0, 1], palette, { transform });
    const hues = [headHue(palette, 0, 3), headHue(palette, 1, 3), headHue(palette, 2, 3)];
    const values = [
      [0.9, 0.1, 0],
      [0.3, 0.1, 0],
      [0, 0.4, 0],
    ];
    const blend = new Blend(1, 3, scale, 3);
    for (const [head, row] of values.entries()) {
      const codes = row.map((value) => value * 1000);
      blend.add(head, fullMatrix(codes, 3, 0.001), null, hues[head]!);
    }
    const { pixels } = blend.raster(() => 2);
    for (let cell = 0; cell < 3; cell++) {
      const strength = scale.strength(Math.max(...values.map((row) => row[cell]!)));
      const shares = values.map((row) => row[cell]! ** 2);
      const sum = shares.reduce((a, b) => a + b);
      const want = [0, 1, 2].map((channel) => {
        const hue = sum ? hues.reduce((total, h, i) => total + (h[channel]! * shares[i]!) / sum, 0) : 255;
        return 255 + (hue - 255) * strength;
      });
      unpack(pixels[cell]!).forEach((got, channel) =>
        expect(Math.abs(got - want[channel]!)).toBeLessThanOrEqual(1),
      );
    }
  },
);

test("the signed overview shows the value of largest magnitude with its sign", () => {
  const scale = new ColorScale([-1, 1], palette);
  const blend = new Blend(1, 2, scale, 1);
  blend.add(0, fullMatrix([50, 180], 2, 0.01, 100), null, [0, 0, 0]);
  blend.add(1, fullMatrix([120, 110], 2, 0.01, 100), null, [0, 0, 0]);
  expect([...blend.raster(() => 2).pixels]).toEqual([scale.pixel(-0.5), scale.pixel(0.8)]);
});

test("a column whose weight is unknown has no value", () => {
  const blend = new Blend(1, 2, new ColorScale([0, 1], palette), 1);
  blend.add(0, fullMatrix([100, 0], 2, 0.01), Float32Array.from([NaN, 1]), [0, 0, 0]);
  expect(blend.topHeads.at(0)).toEqual([]);
  expect([...blend.raster(() => 1).pixels]).toEqual([palette.missing, palette.zero].map(pack));
});

test("a picture of another transform is the one that its heads would have been blended to", () => {
  const [linear, sqrt] = [
    new ColorScale([0, 1], palette),
    new ColorScale([0, 1], palette, { transform: "sqrt" }),
  ];
  const [blend, want] = [new Blend(1, 3, linear, 1), new Blend(1, 3, sqrt, 1)];
  for (const each of [blend, want])
    [
      [900, 100, 0],
      [300, 100, 0],
    ].forEach((codes, head) => each.add(head, fullMatrix(codes, 3, 0.001), null, headHue(palette, head, 2)));
  expect(blend.raster(() => 2, sqrt)).toEqual(want.raster(() => 2));
  expect(blend.raster(() => 2)).not.toEqual(want.raster(() => 2));
});
