/** Which head of a grid an arrow key leads to. */
import type { ButtonGrid } from "./atlas";
import type { Group } from "./groups";

/** A head's button on the screen, in CSS pixels. */
export interface HeadBox {
  index: number;
  left: number;
  top: number;
  height: number;
}

/** The head that Left, Right, Home or End leads to, in the order of heads; null for other keys. */
export function headAlong(key: string, index: number, count: number): number | null {
  if (key === "ArrowRight") return Math.min(index + 1, count - 1);
  if (key === "ArrowLeft") return Math.max(index - 1, 0);
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return null;
}

/**
 * The nearest head in the rows above or below, null where there is none. It depends on the places of buttons, because rows wrap
 * with the width of the figure. A vertical distance counts four times, so that the next row comes before a closer column.
 */
export function headAcross(
  direction: "up" | "down",
  index: number,
  boxes: readonly HeadBox[],
): number | null {
  const from = boxes.find((box) => box.index === index);
  if (!from) return null;
  const sign = direction === "down" ? 1 : -1;
  let nearest: number | null = null;
  let least = Infinity;
  for (const box of boxes) {
    const vertical = (box.top - from.top) * sign;
    const distance = vertical * 4 + Math.abs(box.left - from.left);
    if (vertical > from.height / 2 && distance < least) {
      nearest = box.index;
      least = distance;
    }
  }
  return nearest;
}

/** The boxes of the heads of a matrix, which need not be on the page. */
export function matrixBoxes(rows: readonly Group[], { width, height, gap }: ButtonGrid): HeadBox[] {
  return rows.flatMap(({ slots }, row) =>
    slots.flatMap((index, col) =>
      index === null ? [] : [{ index, left: col * (width + gap), top: row * (height + gap), height }],
    ),
  );
}
