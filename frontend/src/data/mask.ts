/**
 * Which cells have no value, and why: the only place that decides it. A cell without a value is masked if its source is later than its
 * destination can attend to, else its value is missing. A value of zero is a value: without evidence of a causal mask no cell is masked.
 */
import type { AttentionSequence } from "../props";

/** Why a cell has no value; "hidden" where the reader has hidden its source, and values without it are shown. */
export type Absence = "masked" | "missing" | "hidden";

/** Absences as the page writes them. */
export const ABSENCE_TEXTS: Record<Absence, string> = {
  masked: "masked, the source is later than the destination",
  missing: "no value",
  hidden: "hidden, and not counted",
};

/** The last source that a destination can attend to. */
export function lastSource(sequence: AttentionSequence, dest: number): number {
  const [, dests = 0, sources = 0] = sequence.attention.shape;
  const { layout } = sequence.attention;
  return sequence.destPositions?.[dest] ?? (layout === "causal" ? dest + sources - dests : sources - 1);
}

/** The source that is the destination's own token; -1 where it is not known, or where there is none. */
export function ownSource(sequence: AttentionSequence, dest: number): number {
  const [, dests = 0, sources = 0] = sequence.attention.shape;
  const same = sequence.srcTokens === null || sequence.attention.layout === "causal";
  return sequence.destPositions?.[dest] ?? (same ? dest + sources - dests : -1);
}

/** The last column of the preview in which any destination of a row can have a value. */
export function lastPreviewColumn(sequence: AttentionSequence, row: number): number {
  const [, dests = 0] = sequence.attention.shape;
  const [tall, wide] = sequence.previewBlock;
  let last = 0;
  for (let dest = row * tall; dest < Math.min((row + 1) * tall, dests); dest++)
    last = Math.max(last, lastSource(sequence, dest));
  return Math.floor(last / wide);
}

/**
 * Why a cell has no value; null if it has one.
 * @param value NaN for no value; undefined while it is not decoded: then only a causal layout shows that the cell is masked
 */
export function absenceOf(
  sequence: AttentionSequence,
  { dest, src }: { dest: number; src: number },
  value: number | undefined,
): Absence | null {
  const later = src > lastSource(sequence, dest);
  if (later && sequence.attention.layout === "causal") return "masked";
  if (value === undefined || !Number.isNaN(value)) return null;
  return later ? "masked" : "missing";
}
