/** The size of an element as it changes. */
import { paper } from "./paper.svelte";

/** CSS pixels inside of an element's padding. */
export interface Size {
  width: number;
  height: number;
}

/**
 * An attachment that calls `onsize` with an element's inner size after its first layout, and after each change. It does not read the
 * size itself, as `bind:clientWidth` does: that would force a layout while the page is still being built.
 */
export function observeSize(onsize: (size: Size) => void): (element: Element) => () => void {
  return (element) => {
    const observer = new ResizeObserver(([entry]) => {
      // The width is 0 while the figure is hidden.
      if (entry && entry.contentRect.width > 0) onsize(entry.contentRect);
    });
    observer.observe(element);
    const forget = paper.onChange(() => {
      const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(element);
      const width = element.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
      const height = element.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
      if (width > 0) onsize({ width, height });
    });
    return () => {
      observer.disconnect();
      forget();
    };
  };
}

/** As `observeSize`, of the width alone. */
export function observeWidth(onwidth: (width: number) => void): (element: Element) => () => void {
  return observeSize(({ width }) => onwidth(width));
}
