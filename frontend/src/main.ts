/** The bundle's face to the page: mounts figures. Python's _page.py writes the markup that this reads. */
import { mount as mountComponent } from "svelte";
import App from "./App.svelte";
import { readFigure } from "./data/blocks";

/** Remembered here and not in an attribute: "save page as" would write the attribute into the saved file. */
const mounted = new WeakSet<Element>();

/** Mounts every figure of this version of the bundle that is not mounted yet. */
export function mountAll(hash: string): void {
  for (const wrapper of document.querySelectorAll(`[data-circuitsvis="${hash}"]`)) {
    mount(wrapper);
  }
}

/**
 * Mounts one figure: `wrapper` holds a div for it, a JSON script with its component and props, and the heads' data. Does nothing where
 * the JSON is still being parsed: a script behind it will ask again.
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
