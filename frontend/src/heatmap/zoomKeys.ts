/** Keys of a picture that can be zoomed. Arrows alone move the cell, and with Shift they extend the chosen rows and columns. */
import type { Cell } from "./cell";
import type { ZoomState } from "./zoomState.svelte";

/** Factor of a key or button, and the share of the frame by which a key pans. */
export const STEP = 2;
const PAN = 1 / 4;

const DIRECTIONS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [1, 0],
  ArrowRight: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/**
 * Does what a key means, and returns whether it means anything: + and - zoom about the cell or the middle, 0 shows all, Alt with an arrow
 * pans. With Ctrl or Cmd they belong to the browser.
 */
export function zoomByKey(event: KeyboardEvent, zoom: ZoomState, about: Cell | null): boolean {
  const { key, altKey, ctrlKey, metaKey } = event;
  const direction = DIRECTIONS[key];
  if (ctrlKey || metaKey) return false;
  if (altKey) {
    const { across, down } = zoom.movable;
    if (!direction || !(direction[0] === 0 ? down : across)) return false;
    const { frame } = zoom.seen;
    zoom.pan(PAN * frame.width * direction[0], PAN * frame.height * direction[1]);
    return true;
  }
  if (zoom.largest === 1) return false;
  if (key === "+" || key === "=") zoom.step(STEP, about);
  else if (key === "-" || key === "_") zoom.step(1 / STEP, about);
  else if (key === "0") zoom.fit();
  else return false;
  return true;
}
