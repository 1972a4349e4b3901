/** The functions that a page calls to mount its figures. Python's `_page/html_page.py` writes the markup. */
import { mount as mountComponent } from "svelte";
import App from "./App.svelte";
import { readFigure } from "./data/blocks";

/** A set and not an attribute of the elements, because "save page as" would save the attribute. */
const mounted = new WeakSet<Element>();

/** Mounts every figure of this version of the bundle that is not mounted yet. */
export function mountAll(hash: string): void {
  for (const wrapper of document.querySelectorAll(`[data-circuitsvis="${hash}"]`)) {
    mount(wrapper);
  }
}

/**
 * Mounts one figure, once. Does nothing while its JSON is not complete: the script behind the JSON calls this again.
 * @param wrapper holds a div for the figure, its JSON, and its blocks
 */
export function mount(wrapper: Element): void {
  if (mounted.has(wrapper)) return;
  const host = wrapper.firstElementChild;
  if (!host) return;
  try {
    const figure = readFigure(wrapper);
    if (!figure) return;
    mountComponent(App, { target: rootOf(host), props: { figure, host } });
  } catch (error) {
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.textContent = `circuitsvis could not draw this figure: ${String(error)}`;
    rootOf(host).replaceChildren(message);
  }
  mounted.add(wrapper);
}

function rootOf(host: Element): ShadowRoot {
  return host.shadowRoot ?? host.attachShadow({ mode: "open" });
}
