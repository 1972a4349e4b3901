/** The labels and the title of one side of a heatmap, and where the labels are. */
import { labelStep } from "./size";
import { LABEL_LINE, UPRIGHT_PITCH } from "./layout";

export interface AxisLabels {
  /** One for each row (or column). */
  labels: readonly string[];
  /** Numbers before the labels. Without them tokens are numbered by their index, and texts have no number. */
  positions?: readonly number[] | null;
  /** The name of the axis, such as "Destination (query)". */
  title: string;
  /** How the labels are written: tokens with their spaces and special characters visible, texts as they are. */
  kind: "token" | "text";
  /** Indices of labels that name several tokens: they are written as they are, without a number, wherever they stand. */
  names?: ReadonlySet<number>;
  /** CSS pixels that the longest label may take; as many as usual if it is left out. */
  room?: number;
  /** Whether labels of columns stand upright below theirs, as numbers of at most three digits can. Others lean. */
  upright?: boolean;
}

/** An axis of tokens. */
export function tokenAxis(
  title: string,
  labels: readonly string[],
  positions: readonly number[] | null = null,
): AxisLabels {
  return { labels, positions, title, kind: "token" };
}

/** CSS pixels from one label to the next, at least. */
export function labelPitch(axis: AxisLabels): number {
  return axis.upright ? UPRIGHT_PITCH : LABEL_LINE;
}

/** A label in its place. */
export interface PlacedLabel {
  index: number;
  /** CSS pixels from the start of the side to the middle of the label's row or column. */
  middle: number;
  /** The number before the text, null for none. */
  number: number | null;
  text: string;
  kind: AxisLabels["kind"];
}

/** The label of a row or column of `size` CSS pixels. */
export function placedLabel(axis: AxisLabels, index: number, size: number): PlacedLabel {
  const named = axis.names?.has(index) ?? false;
  return {
    index,
    middle: (index + 0.5) * size,
    number: named ? null : (axis.positions?.[index] ?? (axis.kind === "token" ? index : null)),
    text: axis.labels[index] ?? "",
    kind: named ? "text" : axis.kind,
  };
}

/** The part of an axis that is seen, in CSS pixels from its start. */
export interface AxisPart {
  from: number;
  length: number;
}

/**
 * The labels of an axis, or of a part of it: every n-th where all would touch, and all names, in whose place no other label stands.
 * Which of them stand does not depend on the part.
 */
export function placedLabels(axis: AxisLabels, size: number, part?: AxisPart): PlacedLabel[] {
  const pitch = labelPitch(axis);
  const step = labelStep(size, pitch);
  const names = [...(axis.names ?? [])];
  const near = (index: number) => names.some((name) => Math.abs(name - index) * size < pitch);
  const [first, end] = seenIndices(axis.labels.length, size, part);
  const others: number[] = [];
  for (let index = Math.ceil(first / step) * step; index < end; index += step)
    if (!near(index)) others.push(index);
  return [...others, ...names.filter((index) => index >= first && index < end)]
    .sort((a, b) => a - b)
    .map((index) => placedLabel(axis, index, size));
}

/** The rows (or columns) whose middle is in the part: the first one, and the one after the last. */
function seenIndices(count: number, size: number, part?: AxisPart): [first: number, end: number] {
  if (!part) return [0, count];
  const first = Math.max(0, Math.ceil(part.from / size - 0.5));
  return [first, Math.min(count, Math.floor((part.from + part.length) / size - 0.5) + 1)];
}
