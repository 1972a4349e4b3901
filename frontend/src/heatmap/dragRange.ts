/** Choosing a range of an axis by the pointer: by dragging along its labels, or by a click with Shift. */
import { COLUMN_GAP, LEAN } from "./layout";

export interface RangeActions {
  /** The pointer was dragged from one row (or column) to another. */
  drag(from: number, to: number): void;
  /** A label was clicked; `extend` with Shift. */
  click(index: number, extend: boolean): void;
}

const SLANT = 1 / Math.tan((LEAN * Math.PI) / 180);

/**
 * The index of the row or column whose label is at a point.
 * @param x, y CSS pixels from the top left corner of the labels' place
 * @param size CSS pixels per row or column
 */
export function labelIndex(side: "rows" | "cols", x: number, y: number, size: number, count: number): number {
  // column labels lean, so that the lower part of a label is right of its column
  const along = side === "rows" ? y : x - Math.max(y - COLUMN_GAP, 0) * SLANT;
  return Math.min(Math.max(Math.floor(along / size), 0), count - 1);
}

/** An attachment for the element with an axis's labels. */
export function dragRange(
  side: "rows" | "cols",
  size: number,
  count: number,
  actions: RangeActions,
): (element: HTMLElement) => () => void {
  return (element) => {
    let from: number | null = null;
    let last: number | null = null;

    function indexAt(event: MouseEvent): number {
      const box = element.getBoundingClientRect();
      return labelIndex(side, event.clientX - box.left, event.clientY - box.top, size, count);
    }
    function down(event: PointerEvent): void {
      if (event.button !== 0 || event.shiftKey) return;
      from = indexAt(event);
      last = null;
    }
    function move(event: PointerEvent): void {
      if (from === null) return;
      const index = indexAt(event);
      if (index === (last ?? from)) return;
      // Only now: a click on a name must reach it.
      if (last === null) element.setPointerCapture(event.pointerId);
      last = index;
      actions.drag(from, index);
    }
    function end(): void {
      from = null;
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
