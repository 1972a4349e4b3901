/** Tells whether a figure is on the page. One that left it must be unmounted: Svelte and observers would hold it forever. */

interface Presence extends HTMLElement {
  onleave: () => void;
  onarrive: () => void;
}

class PresenceElement extends HTMLElement implements Presence {
  onleave = () => undefined;
  onarrive = () => undefined;

  connectedCallback(): void {
    this.onarrive();
  }

  disconnectedCallback(): void {
    queueMicrotask(() => {
      if (!this.isConnected) this.onleave();
    });
  }
}

/**
 * An element that lies beside what it is about.
 * @param version of the bundle: each version on a page has its own name of the element
 * @param onleave called when it has left the page; not when it was only moved
 * @param onarrive called whenever it arrives on the page, also when it was moved
 */
export function presence(version: string, onleave: () => void, onarrive: () => void): HTMLElement {
  const name = `circuitsvis-${version}`;
  if (!customElements.get(name)) customElements.define(name, PresenceElement);
  return Object.assign(document.createElement(name) as Presence, { hidden: true, onleave, onarrive });
}
