/** How values are spread over the colors between zero and the end of a scale. A new transform is one more entry of `TRANSFORMS`. */

/** Both functions increase, map 0 to 0 and 1 to 1, and serve both signs: equal magnitudes are equally strong. */
export interface Transform {
  /** Strength of the color, for a magnitude given as a share of the scale's end. Both in [0, 1]. */
  strength(share: number): number;
  /** Inverse of `strength`. */
  share(strength: number): number;
  /** Entries of a look-up table per sign, evenly spaced in value. Two neighbours differ by at most 2 % in strength. */
  steps: number;
  /** Shares between 0 and 1 that a legend labels: all where it has one side, the last where each side has half of the bar. */
  ticks: readonly number[];
}

/** `log` is linear up to about this share of the end, so that zero has a place; logarithmic in the three decades beyond. */
const LINEAR_SHARE = 1e-3;

export const TRANSFORMS = {
  linear: { strength: (share) => share, share: (strength) => strength, steps: 512, ticks: [] },
  sqrt: { strength: Math.sqrt, share: (strength) => strength ** 2, steps: 8192, ticks: [0.25] },
  log: {
    strength: (share) => Math.log1p(share / LINEAR_SHARE) / Math.log1p(1 / LINEAR_SHARE),
    share: (strength) => LINEAR_SHARE * Math.expm1(strength * Math.log1p(1 / LINEAR_SHARE)),
    steps: 8192,
    ticks: [0.01, 0.1],
  },
} satisfies Record<string, Transform>;

export type TransformName = keyof typeof TRANSFORMS;
export const TRANSFORM_NAMES = Object.keys(TRANSFORMS) as TransformName[];
