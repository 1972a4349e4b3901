/** The width of an element as it changes. */

/**
 * An attachment that says an element's inner width (CSS pixels) once it is laid out, and whenever it changes. It only listens: asking
 * the element itself, as `bind:clientWidth` does, would make the browser lay out a page that is still being built.
 */
export function observeWidth(say: (width: number) => void): (element: Element) => () => void {
  return (element) => {
    const observer = new ResizeObserver(([entry]) => {
      // nothing is laid out where the figure is hidden
      if (entry && entry.contentRect.width > 0) say(entry.contentRect.width);
    });
    observer.observe(element);
    return () => observer.disconnect();
  };
}
