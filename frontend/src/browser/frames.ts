/** The frames that a page stands in, as far as it may look at them: apps put figures into `<iframe srcdoc>`. */

/** The frame of an element's page; null if it has none, or one of another origin. */
export function frameOf(element: Element): Element | null {
  return element.ownerDocument.defaultView?.frameElement ?? null;
}

const SCHEME = "(prefers-color-scheme: dark)";

/** Whether the page of `element` is asked to be dark. */
export function prefersDark(element: Element): boolean {
  return element.ownerDocument.defaultView?.matchMedia(SCHEME).matches ?? false;
}

/** The element around another one, also around the shadow root that it is in; null at the root of a page. */
export function parentOf(element: Element): Element | null {
  if (element.parentElement) return element.parentElement;
  const root = element.getRootNode();
  // not `instanceof`: the page around a frame has a ShadowRoot of its own
  return "host" in root ? (root as ShadowRoot).host : null;
}

/**
 * Calls `changed` whenever the theme behind `host` may have changed, in its page or around its frames.
 * @returns ends that
 */
export function observeAround(host: Element, changed: () => void): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const attributes = new MutationObserver(changed);
  const observe = (element: Element) => attributes.observe(element, { attributes: true });
  for (let place: Element | null = host; place; place = frameOf(place)) {
    const { body, documentElement, defaultView } = place.ownerDocument;
    [documentElement, body].forEach(observe);
    defaultView?.matchMedia(SCHEME).addEventListener("change", changed, { signal });
    if (place === host) continue;
    // An app may keep its theme as a class of any element, or in styles alone. These change the color of text, which frames inherit.
    for (let around = parentOf(place); around; around = parentOf(around)) observe(around);
    (place as HTMLElement).style.transition = "color 1ms";
    place.addEventListener("transitionend", changed, { signal });
  }
  signal.addEventListener("abort", () => attributes.disconnect());
  return () => ending.abort();
}
