/** Numbers as text, with as many digits as the error bound justifies. */

/** Decimals that are sure to half a unit: none is shown that the encoding may have changed by more. */
export function decimals(errorBound: number): number {
  if (errorBound <= 0) return 4;
  return Math.min(Math.max(Math.floor(-Math.log10(2 * errorBound)), 0), 12);
}

/** A value as shown: fixed decimals, exponent notation only where fixed would be all zeros or very long. */
export function formatValue(value: number, errorBound: number): string {
  if (Number.isNaN(value)) return "no value";
  const digits = decimals(errorBound);
  if (digits > 7 || Math.abs(value) >= 1e7) return value === 0 ? "0" : value.toExponential(3);
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text; // no "-0.0000"
}

/** A number at an end of a legend. */
export function formatTick(value: number): string {
  return String(Number(value.toPrecision(3)));
}
