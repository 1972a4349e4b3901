import { expect, test } from "vitest";
import { tipShare } from "./tipPlace";

/** Widths of tooltips, of pictures, and of the labels left of them. */
test.each([
  [300, 400, 100],
  [300, 160, 140],
  [190, 160, 100],
  [120, 80, 70],
])("a tooltip of %d pixels stays within a picture of %d and labels of %d", (tip, width, beside) => {
  for (const x of [0, width / 2, width]) {
    const left = x - tip * tipShare(x, width, beside);
    expect(left).toBeGreaterThanOrEqual(-beside - 1e-9);
    expect(left + tip).toBeLessThanOrEqual(Math.max(width, 300 - beside) + 1e-9);
  }
});
