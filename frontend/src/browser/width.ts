/** The width of an element as it changes. */

/**
 * An attachment that calls `onwidth` with an element's inner width (CSS pixels) after its first layout, and after each change. It
 * does not read the width itself, as `bind:clientWidth` does: that would force a layout while the page is still being built.
 */
export function observeWidth(onwidth: (width: number) => void): (element: Element) => () => void {
  return (element) => {
    const observer = new ResizeObserver(([entry]) => {
      // The width is 0 while the figure is hidden.
      if (entry && entry.contentRect.width > 0) onwidth(entry.contentRect.width);
    });
    observer.observe(element);
    return () => observer.disconnect();
  };
}
