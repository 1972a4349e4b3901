/** The top and bottom tokens of a neuron, from the chunks of its group. The inverse of Python's `_tokens/encode_extremes.py`. */
import type { Codes } from "../../data/decode";
import { decodeChunk } from "../../data/decode";
import type { TopkSample } from "../../props";

/** A token and its value. */
export interface Entry {
  position: number;
  value: number;
}

/** What is known of a neuron: the largest and the smallest values, from large to small. */
export interface Column {
  entries: Entry[];
  /** Largest possible error of the values. */
  bound: number;
}

export interface Group {
  differences: Codes;
  positions: Codes;
  exponents: Codes;
}

/** What is added to the first code of a column. */
const HIGHEST = 32767;

/** The chunks of a neuron are those of this group; it is column `place` of them. */
export function placeOf(
  sample: TopkSample,
  groupSize: number,
  layer: number,
  neuron: number,
): { group: number; place: number } {
  const perLayer = Math.ceil(sample.neurons / groupSize);
  return { group: layer * perLayer + Math.floor(neuron / groupSize), place: neuron % groupSize };
}

export async function loadGroup(sample: TopkSample, group: number): Promise<Group> {
  const [differences, positions, exponents] = await Promise.all([
    decodeChunk(sample.differences, group),
    decodeChunk(sample.positions, group),
    decodeChunk(sample.exponents, group),
  ]);
  return { differences, positions, exponents };
}

/** A column of a group. */
export function columnOf(
  sample: TopkSample,
  { differences, positions, exponents }: Group,
  place: number,
): Column {
  const [, ranks = 0, size = 0] = sample.differences.shape;
  const step = 2 ** ((exponents[place] as number) - sample.exponents.zero);
  const entries: Entry[] = [];
  let code = HIGHEST;
  for (let rank = 0; rank < ranks; rank++) {
    const at = rank * size + place;
    const difference = differences[at] as number;
    code = rank === 0 ? difference - HIGHEST : code - difference;
    const position = positions[at] as number;
    if (position >= sample.tokens.length) break; // no further values
    entries.push({ position, value: code * step });
  }
  return { entries, bound: step / 2 };
}

/** The first `k` entries; null where the column has fewer. */
export function topOf({ entries }: Column, k: number): (Entry | null)[] {
  return Array.from({ length: k }, (_, i) => entries[i] ?? null);
}

/** The last `k` entries, the smallest value last; null, before them, where the column has fewer. */
export function bottomOf({ entries }: Column, k: number): (Entry | null)[] {
  return Array.from({ length: k }, (_, i) => entries[entries.length - k + i] ?? null);
}

/** Largest magnitude of a column's values. */
export function magnitudeOf({ entries }: Column): number {
  return Math.max(0, Math.abs(entries[0]?.value ?? 0), Math.abs(entries[entries.length - 1]?.value ?? 0));
}
