/** Whether an element is in sight within the element that scrolls it. */

/** An attachment that calls `onchange` with it at first and when it changes, and with true once the element has gone. */
export function observeInSight(
  scroller: string,
  onchange: (inSight: boolean) => void,
): (element: Element) => () => void {
  return (element) => {
    const observer = new IntersectionObserver((entries) => onchange(entries.at(-1)?.isIntersecting ?? true), {
      root: element.closest(scroller),
    });
    observer.observe(element);
    return () => {
      observer.disconnect();
      onchange(true);
    };
  };
}
