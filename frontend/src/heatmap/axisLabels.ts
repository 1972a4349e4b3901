/** What stands along one side of a heatmap. */

export interface AxisLabels {
  /** One for each row (or column). */
  labels: readonly string[];
  /** Numbers before the labels. Without them tokens are numbered by their index, and texts have no number. */
  positions?: readonly number[] | null;
  /** What the axis is, such as "Destination (query)". */
  title: string;
  /** How the labels are written: tokens with their spaces and special characters visible, texts as they are. */
  kind: "token" | "text";
}

/** The number before a label, null for none. */
export function labelNumber(axis: AxisLabels, index: number): number | null {
  return axis.positions?.[index] ?? (axis.kind === "token" ? index : null);
}

/** An axis of tokens. */
export function tokenAxis(
  title: string,
  labels: readonly string[],
  positions: readonly number[] | null = null,
): AxisLabels {
  return { labels, positions, title, kind: "token" };
}
