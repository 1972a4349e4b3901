import { expect, test } from "vitest";
import { isDark } from "./cssColor";

test.each([
  ["rgb(20, 20, 30)", true],
  ["rgb(255, 255, 255)", false],
  ["rgba(14, 17, 23, 0.9)", true],
  ["color(srgb 1 1 1)", false],
  ["color(srgb 0.07 0.08 0.1 / 0.8)", true],
  ["color(srgb 9.5e-7 0 0.1)", true],
  ["color(display-p3 0.9 0.9 0.95)", false],
  ["lab(97 1 2)", false],
  ["lch(12 3 250)", true],
  ["oklab(0.98 0 0.001)", false],
  ["oklch(0.21 0.006 285.885)", true],
  ["oklch(none 0 none)", true],
])("%s is dark: %s", (color, dark) => expect(isDark(color)).toBe(dark));

test.each([
  "rgba(0, 0, 0, 0)",
  "oklch(0.2 0 0 / 0.3)",
  "color(srgb 1 1 1 / 0)",
  "",
  "transparent",
  "device-cmyk(0 0 0 0)",
])("one sees through %s, or it is not understood", (color) => expect(isDark(color)).toBeNull());
