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

/**
 * Calls `changed` whenever the theme behind `host` may have changed, in its page or around its frames.
 * @returns ends that
 */
export function observeAround(host: Element, changed: () => void): () => void {
  const attributes = new MutationObserver(changed);
  const media: MediaQueryList[] = [];
  const observe = (element: Element) => attributes.observe(element, { attributes: true });
  for (let place: Element | null = host; place; place = frameOf(place)) {
    const { body, documentElement, defaultView } = place.ownerDocument;
    [documentElement, body].forEach(observe);
    // An app may keep its theme as a class of any element.
    if (place !== host) ancestorsOf(place).forEach(observe);
    if (defaultView) media.push(defaultView.matchMedia(SCHEME));
  }
  for (const query of media) query.addEventListener("change", changed);
  return () => {
    attributes.disconnect();
    for (const query of media) query.removeEventListener("change", changed);
  };
}

function ancestorsOf(element: Element): Element[] {
  const { parentElement } = element;
  return parentElement ? [parentElement, ...ancestorsOf(parentElement)] : [];
}
