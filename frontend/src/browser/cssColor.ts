/** Computed colors of CSS, which name the color space that the page's author chose. */

/** Values of the first component, or of all three, that stand for white. */
const WHITE: Record<string, number> = {
  rgb: 255,
  rgba: 255,
  color: 1,
  lab: 100,
  lch: 100,
  oklab: 1,
  oklch: 1,
};

/** Whether a computed color is darker than a middle gray; null if one sees through it, or it is in no known space. */
export function isDark(color: string): boolean | null {
  const [, space = "", components = ""] = /^(\w+)\((.*)\)$/.exec(color) ?? [];
  const white = WHITE[space];
  if (!white) return null;
  const numbers = (components.match(/(?<![\w-])(-?[\d.]+(e-?\d+)?|none)\b/g) ?? []).map(
    (text) => Number(text) || 0,
  );
  const [first = 0, second = 0, third = 0, alpha = 1] = numbers;
  if (alpha <= 0.5) return null;
  const isLightness = space.includes("l") && space !== "color";
  const light = isLightness ? first : 0.299 * first + 0.587 * second + 0.114 * third;
  return light / white < 0.5;
}
