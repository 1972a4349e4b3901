/** Choosing a range of an axis by the pointer: by dragging along its labels, or by a click with Shift. */
import { COLUMN_GAP, LEAN } from "./layout";

export interface RangeActions {
  /** The pointer was dragged from one row (or column) to another. */
  drag(from: number, to: number): void;
  /** A label was clicked; `extend` with Shift. */
  click(index: number, extend: boolean): void;
}

const SLANT = 1 / Math.tan((LEAN * Math.PI) / 180);

/** Labels along a side of a heatmap. */
export interface LabelRow {
  side: "rows" | "cols";
  /** CSS pixels per row or column. */
  size: number;
  /** CSS pixels of the rows or columns before the frame. */
  from: number;
  count: number;
}

/**
 * The index of the row or column whose label is at a point.
 * @param x, y CSS pixels from the top left corner of the labels' place
 */
export function labelIndex({ side, size, from, count }: LabelRow, x: number, y: number): number {
  // column labels lean, so that the lower part of a label is right of its column
  const along = side === "rows" ? y : x - Math.max(y - COLUMN_GAP, 0) * SLANT;
  return Math.min(Math.max(Math.floor((from + along) / size), 0), count - 1);
}

/**
 * An attachment for the element with an axis's labels.
 * @param row asked at each event: the picture may change its size while the pointer drags, which must not end the drag
 */
export function dragRange(row: () => LabelRow, actions: RangeActions): (element: HTMLElement) => () => void {
  return (element) => {
    let start: number | null = null;
    let last: number | null = null;

    function indexAt(event: MouseEvent): number {
      const box = element.getBoundingClientRect();
      return labelIndex(row(), event.clientX - box.left, event.clientY - box.top);
    }
    function down(event: PointerEvent): void {
      if (event.button !== 0 || event.shiftKey) return;
      start = indexAt(event);
      last = null;
    }
    function move(event: PointerEvent): void {
      if (start === null) return;
      const index = indexAt(event);
      if (index === (last ?? start)) return;
      // Only now: a click on a name must reach it.
      if (last === null) element.setPointerCapture(event.pointerId);
      last = index;
      actions.drag(start, index);
    }
    function end(): void {
      start = null;
    }
    function click(event: MouseEvent): void {
      const dragged = last !== null;
      last = null;
      if (dragged) event.stopPropagation();
      else if (!(event.target as Element).closest("button")) actions.click(indexAt(event), event.shiftKey);
    }
    const listeners = { pointerdown: down, pointermove: move, pointerup: end, pointercancel: end };
    for (const [name, listener] of Object.entries(listeners))
      element.addEventListener(name, listener as EventListener);
    element.addEventListener("click", click, { capture: true });
    return () => {
      for (const [name, listener] of Object.entries(listeners))
        element.removeEventListener(name, listener as EventListener);
      element.removeEventListener("click", click, { capture: true });
    };
  };
}
