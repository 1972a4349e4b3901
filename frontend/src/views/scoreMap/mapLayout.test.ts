import { expect, test } from "vitest";
import { mapLayout } from "./mapLayout";

const at = (width: number, cols = 12, withFigure = true) =>
  mapLayout({ width, tallest: 560, cols, withFigure });

test("the figure of a head stands beside the map where there is room, else below", () => {
  expect(at(1180).form).toBe("beside");
  expect(at(700).form).toBe("two");
  expect(at(320).form).toBe("one");
  expect(at(1180, 12, false).form).toBe("two");
});

test("nothing is wider than the place of all of it", () => {
  for (const width of [280, 320, 560, 700, 880, 1180, 1600])
    for (const cols of [1, 4, 12, 32, 96])
      for (const withFigure of [true, false]) {
        const { form, map, figure } = at(width, cols, withFigure);
        expect(map).toBeLessThanOrEqual(width);
        if (form === "beside") expect(map + figure).toBeLessThan(width);
      }
});
