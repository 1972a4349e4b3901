/** Numbers as text, with the digits that an error bound allows. */

/** Exponents of ten between which numbers are written without one. */
const [SMALLEST_PLACE, LARGEST_FIXED] = [-7, 1e7];

/** Decimals of a number that is known exactly. */
const EXACT = 4;

/** Digits of a number at an end of a legend. */
const TICK_DIGITS = 3;

/**
 * Exponent of the last certain decimal place, in which the error is at most half a unit: -4 for ten-thousandths, 2 for hundreds.
 */
export function lastPlace(errorBound: number): number {
  return errorBound > 0 ? Math.ceil(Math.log10(2 * errorBound)) : -EXACT;
}

/** The exponent of a number in scientific notation. */
export function exponentOf(value: number): number {
  return value === 0 ? 0 : Number(value.toExponential().split("e")[1]);
}

/**
 * A value as shown: fixed decimals, or exponent notation if they would be all zeros or include uncertain digits.
 */
export function formatValue(value: number, errorBound: number): string {
  if (Number.isNaN(value)) return "no value";
  const place = lastPlace(errorBound);
  const fixed = place <= 0 && place >= SMALLEST_PLACE && Math.abs(value) < LARGEST_FIXED;
  return fixed ? toFixed(value, -place) : toExponential(value, place);
}

/**
 * A bound for numbers that people compare: four decimals, or four significant digits where the largest of them is below 0.1. More would
 * be noise, fewer would be zeros.
 */
export function readable(errorBound: number, largest: number): number {
  const scale = largest > 0 ? Math.min(1, 10 ** (exponentOf(largest) + 1)) : 1;
  return Math.max(errorBound, 0.5 * 10 ** -EXACT * scale);
}

/** A number in a column: three decimals, fewer if it is large or they are uncertain. */
export function columnText(value: number, errorBound: number): string {
  if (Number.isNaN(value)) return "";
  const place = lastPlace(errorBound);
  const exponent = exponentOf(value);
  const small = value !== 0 && errorBound < 1e-7 && Math.abs(value) < 5e-4;
  if (place > 0 || exponent >= 5 || small) return toExponential(value, Math.max(place, exponent - 1));
  return toFixed(value, Math.min(-place, Math.max(0, 3 - Math.max(exponent, 0))));
}

/** A number at an end of a legend. */
export function formatTick(value: number, errorBound = 0): string {
  const exponent = exponentOf(value);
  const place = Math.max(errorBound > 0 ? lastPlace(errorBound) : -Infinity, exponent - TICK_DIGITS + 1);
  const text = toExponential(value, place);
  if (exponent >= 5 || exponent <= SMALLEST_PLACE || (place > 0 && errorBound > 0)) {
    const [digits, power] = text.split("e");
    return power === undefined ? text : `${Number(digits)}e${power}`;
  }
  return String(place > 0 ? Math.round(value) : Number(text)); // an end of a scale that is exact may have its digits
}

function toFixed(value: number, decimals: number): string {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? (0).toFixed(decimals) : text; // no "-0.0000"
}

/** Scientific notation down to `place`. Less than half a unit of that place is 0, or about 0 if the unit is above 1. */
function toExponential(value: number, place: number): string {
  if (Math.abs(value) < 0.5 * 10 ** place || value === 0) return place > 0 ? "\u22480" : "0";
  if (exponentOf(value) < place) return `${value < 0 ? "-" : ""}1e${place < 0 ? "" : "+"}${place}`;
  const digits = (exponent: number) => Math.min(Math.max(exponent - place, 0), 15);
  const rounded = Number(value.toExponential(digits(exponentOf(value)))); // 9.99 may become 10.0
  return rounded.toExponential(digits(exponentOf(rounded)));
}
