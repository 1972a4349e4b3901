/** sRGB colors as numbers: conversions, packed pixels, readable text. */

/** Red, green, blue in [0, 255]. */
export type Rgb = readonly [number, number, number];

/** "#0a3f86" as a color. */
export function hex(text: string): Rgb {
  const n = parseInt(text.slice(1), 16);
  return [n >> 16, (n >> 8) & 255, n & 255];
}

/** Opaque pixel in the byte order of ImageData on little-endian machines (all that run browsers). */
export function pack(color: Rgb): number {
  const [r, g, b] = color.map(Math.round) as [number, number, number];
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}

export function unpack(pixel: number): Rgb {
  return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
}

export function css(color: Rgb): string {
  return `rgb(${color.map(Math.round).join(" ")})`;
}

/** Piecewise linear between evenly spaced stops, `t` in [0, 1]. */
export function ramp(stops: readonly Rgb[], t: number): Rgb {
  const x = Math.min(Math.max(t, 0), 1) * (stops.length - 1);
  const i = Math.min(Math.floor(x), stops.length - 2);
  const [a, b] = [stops[i] as Rgb, stops[i + 1] as Rgb];
  const mix = (channel: 0 | 1 | 2) => a[channel] + (b[channel] - a[channel]) * (x - i);
  return [mix(0), mix(1), mix(2)];
}

/** Black or white, whichever is easier to read on the color (WCAG relative luminance). */
export function textOn(color: Rgb): string {
  return luminance(color) > 0.18 ? "#000" : "#fff";
}

/** WCAG relative luminance: 0 for black, 1 for white. */
export function luminance(color: Rgb): number {
  const [r, g, b] = color.map((c) => {
    const s = c / 255;
    return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** sRGB of an OKLCH color, clipped. Source: B. Ottosson, "A perceptual color space for image processing". */
export function oklch(lightness: number, chroma: number, degrees: number): Rgb {
  const a = chroma * Math.cos((degrees * Math.PI) / 180);
  const b = chroma * Math.sin((degrees * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function gamma(linear: number): number {
  const x = Math.min(Math.max(linear, 0), 1);
  return 255 * (x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055);
}
