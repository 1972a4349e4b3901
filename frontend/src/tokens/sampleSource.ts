/** What a `SampleBrowser` shows: texts for each index of two dimensions, such as layers and neurons. */
import type { Dimension } from "../props";

/** One text, its tokens with values. */
export interface SampleText {
  /** Its name, such as "Sample 3". */
  name: string;
  tokens: readonly string[];
  /** One per token; NaN is a missing value. */
  values: Float64Array;
}

/** The texts of one index of both dimensions. */
export interface Samples {
  texts: SampleText[];
  /** Largest possible error of each value. */
  bound: number;
}

/** An axis that a selector chooses from, with its length. */
export interface Axis extends Dimension {
  count: number;
}

export interface SampleSource {
  outer: Axis;
  /** The axis that is chosen second; its length may depend on the first. */
  inner(outer: number): Axis;
  /** The texts if they are decoded. */
  peek(outer: number, inner: number): Samples | null;
  load(outer: number, inner: number): Promise<Samples>;
}

/** Lowest and highest value of texts, and of zero; whether any value is missing. */
export function extent(texts: readonly SampleText[]): { low: number; high: number; missing: boolean } {
  let [low, high, missing] = [0, 0, false];
  for (const { values } of texts) {
    for (const value of values) {
      if (value < low) low = value;
      else if (value > high) high = value;
      else if (Number.isNaN(value)) missing = true;
    }
  }
  return { low, high, missing };
}

/** The largest value of a text; NaN if it has none. */
export function largest(values: Float64Array): number {
  let largest = NaN;
  for (const value of values) if (!(value <= largest) && !Number.isNaN(value)) largest = value;
  return largest;
}

/** "0–4": the texts of a page, by their places from zero. */
export function pageNames(count: number, perPage: number): string[] {
  return Array.from({ length: Math.ceil(count / perPage) }, (_, page) => {
    const first = page * perPage;
    const last = Math.min(first + perPage, count) - 1;
    return first === last ? `${first}` : `${first}\u2013${last}`;
  });
}

/** Texts per page that are offered for this many. */
export function pageSizes(count: number): number[] {
  const most = 50;
  return [...[1, 2, 3, 5, 10, 20, most].filter((size) => size < count), ...(count <= most ? [count] : [])];
}
