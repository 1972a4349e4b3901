/** The ends of a color scale as a reader types and reads them. */
import type { Range } from "../color/scale";

/** Significant digits of an end that was not typed. */
const DIGITS = 4;

/** An end as text, with no more digits than a reader needs to change it. */
export function endText(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}

/** A typed number: also with a comma, or with the minus sign of typography. NaN if it is none. */
export function parseNumber(text: string): number {
  const plain = text.trim().replace("\u2212", "-").replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}

/** What is wrong with a range as a sentence; "" if nothing is. */
export function rangeError([low, high]: Range): string {
  if (!Number.isFinite(low) || !Number.isFinite(high)) return "Type a number.";
  if (low > 0) return "The lower end is 0 or below: zero is always neutral.";
  if (high < 0) return "The upper end is 0 or above: zero is always neutral.";
  return low === high ? "One of both ends must differ from 0." : "";
}
