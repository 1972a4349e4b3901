/**
 * Gestures on a picture: Ctrl or Cmd with the wheel, and two fingers, zoom; dragging pans a picture that exceeds its frame; a long press of
 * a finger pins. A plain wheel and a finger on a picture that is whole go on scrolling the page.
 */
import type { Point } from "./zoom";

export interface Movable {
  across: boolean;
  down: boolean;
}

export interface GestureActions {
  /** Whether the picture has a zoom at all. */
  canZoom(): boolean;
  /** Whether the picture can be moved, across and down. */
  movable(): Movable;
  /** Multiplies the zoom about a point of the element. */
  zoomBy(factor: number, at: Point): void;
  /** Moves the picture by CSS pixels. */
  pan(x: number, y: number): void;
  /** Shows all of the picture again. */
  fit(): void;
  /** A finger stayed on a point. */
  press(at: Point): void;
}

/** Milliseconds of a long press: what telephones take. */
const LONG_PRESS = 500;
/** CSS pixels that a pointer moves before it drags, and that a resting finger may tremble. */
const SLOP = { mouse: 4, touch: 10 };
/** CSS pixels of a wheel's event by which the zoom may change at once: a mouse sends 100 for a notch, a touchpad sends many small ones. */
const NOTCH = 30;
const ZOOM_PER_PIXEL = 0.01;
const LINE = 16;

/** The CSS `touch-action` of the element: a finger along a side in which nothing can be panned scrolls the page. */
export function touchAction({ across, down }: Movable): string {
  return [!across && "pan-x", !down && "pan-y"].filter(Boolean).join(" ") || "none";
}

/** An attachment for the element of the picture. */
export function gestures(actions: GestureActions): (element: HTMLElement) => () => void {
  return (element) => {
    /** Pointers that are down: where they were at the last event. */
    const down = new Map<number, Point>();
    let start: Point = { x: 0, y: 0 };
    let touch = false;
    /** Whether what goes on is more than a click: the click at its end is not one. */
    let moved = false;
    let pressTimer: ReturnType<typeof setTimeout> | undefined;
    let scale = 1;

    function pointOf({ clientX, clientY }: MouseEvent): Point {
      const box = element.getBoundingClientRect();
      return { x: clientX - box.left, y: clientY - box.top };
    }

    function wheel(event: WheelEvent): void {
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : LINE;
      const [x, y] = [event.deltaX * unit, event.deltaY * unit];
      if (event.ctrlKey || event.metaKey) {
        if (!actions.canZoom()) return;
        const change = Math.min(Math.max(y || x, -NOTCH), NOTCH);
        actions.zoomBy(Math.exp(-change * ZOOM_PER_PIXEL), pointOf(event));
        event.preventDefault();
      } else if (actions.movable().across && (event.shiftKey || Math.abs(x) > Math.abs(y))) {
        actions.pan(-(x || y), 0);
        event.preventDefault();
      }
    }

    /** Safari sends the pinch of a touchpad as events of its own, whose scale counts from the start. */
    function gesture(event: MouseEvent & { scale: number }): void {
      if (down.size > 0 || !actions.canZoom()) return; // fingers on a screen are pointers as well
      if (event.type === "gesturechange") actions.zoomBy(event.scale / scale, pointOf(event));
      scale = event.scale;
      event.preventDefault();
    }

    function press(): void {
      clearTimeout(pressTimer);
      if (moved || down.size !== 1) return;
      moved = true;
      actions.press(start);
    }

    function pointerdown(event: PointerEvent): void {
      clearTimeout(pressTimer);
      touch = event.pointerType === "touch";
      if (!touch) down.clear();
      if (event.button !== 0 || event.shiftKey) return;
      const at = pointOf(event);
      down.set(event.pointerId, at);
      if (down.size > 1) {
        moved = true;
        return;
      }
      [start, moved] = [at, false];
      const { across, down: vertically } = actions.movable();
      if (across || vertically) element.setPointerCapture(event.pointerId);
      if (touch) pressTimer = setTimeout(press, LONG_PRESS);
    }

    function pointermove(event: PointerEvent): void {
      const last = down.get(event.pointerId);
      if (!last) return;
      // released where no event was received
      if (event.buttons === 0) return up(event);
      const at = pointOf(event);
      if (down.size > 1) pinch(event.pointerId, last, at);
      else drag(event, last, at);
    }

    function drag(event: PointerEvent, last: Point, at: Point): void {
      const slop = touch ? SLOP.touch : SLOP.mouse;
      if (!moved && Math.hypot(at.x - start.x, at.y - start.y) <= slop) return;
      clearTimeout(pressTimer);
      const { across, down: vertically } = actions.movable();
      if (!across && !vertically) return;
      moved = true;
      element.style.cursor = "grabbing";
      actions.pan(at.x - last.x, at.y - last.y);
      down.set(event.pointerId, at);
    }

    function pinch(id: number, last: Point, at: Point): void {
      down.set(id, at);
      const other = [...down].find(([key]) => key !== id)?.[1];
      if (!other || !actions.canZoom()) return;
      const [before, now] = [distance(last, other), distance(at, other)];
      if (before === 0 || now === 0) return;
      const factor = now / before;
      actions.zoomBy(factor, other);
      // Where the fingers turn around each other, what was below them cannot stay below both.
      const missed = (from: number, to: number, fixed: number) => (to - fixed - factor * (from - fixed)) / 2;
      actions.pan(missed(last.x, at.x, other.x), missed(last.y, at.y, other.y));
    }

    function up(event: PointerEvent): void {
      clearTimeout(pressTimer);
      down.delete(event.pointerId);
      element.style.cursor = "";
    }

    function click(event: MouseEvent): void {
      if (!moved || event.detail === 0) return; // 0: by a keyboard or a screen reader
      moved = false;
      event.stopPropagation();
    }

    function contextmenu(event: MouseEvent): void {
      if (!touch) return;
      event.preventDefault();
      press(); // some browsers are faster than the timer
    }

    /** The browser must not scroll or zoom the page as well. */
    function keepTouch(event: TouchEvent): void {
      const { across, down: vertically } = actions.movable();
      const ours =
        event.touches.length > 1 ? actions.canZoom() : event.type === "touchmove" && across && vertically;
      if (ours && event.cancelable) event.preventDefault();
    }

    const active = { passive: false };
    const added: [string, (event: never) => void, AddEventListenerOptions?][] = [
      ["wheel", wheel, active],
      ["gesturestart", gesture, active],
      ["gesturechange", gesture, active],
      ["pointerdown", pointerdown],
      ["pointermove", pointermove],
      ["pointerup", up],
      ["pointercancel", up],
      ["click", click, { capture: true }],
      ["dblclick", () => actions.fit()],
      ["contextmenu", contextmenu],
      ["touchstart", keepTouch, active],
      ["touchmove", keepTouch, active],
    ];
    for (const [name, listener, options] of added)
      element.addEventListener(name, listener as EventListener, options);
    return () => {
      clearTimeout(pressTimer);
      for (const [name, listener, options] of added)
        element.removeEventListener(name, listener as EventListener, options);
    };
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
