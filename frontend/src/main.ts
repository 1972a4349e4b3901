/** The bundle's face to the page: mounts figures. Python's _page.py writes the markup that this reads. */
import { mount as mountComponent } from "svelte";
import App from "./App.svelte";
import type { Figure } from "./props";

/** Remembered here and not in an attribute: "save page as" would write the attribute into the saved file. */
const mounted = new WeakSet<Element>();

/** Mounts every figure of this version of the bundle that is not mounted yet. */
export function mountAll(hash: string): void {
  for (const wrapper of document.querySelectorAll(`[data-circuitsvis="${hash}"]`)) {
    mount(wrapper);
  }
}

/** Mounts one figure: `wrapper` holds a div for it and a JSON script with its component and props. */
export function mount(wrapper: Element): void {
  if (mounted.has(wrapper)) return;
  mounted.add(wrapper);
  const host = wrapper.firstElementChild;
  const data = wrapper.querySelector('script[type="application/json"]');
  if (!host || !data) return;
  const root = host.shadowRoot ?? host.attachShadow({ mode: "open" });
  try {
    const figure = JSON.parse(data.textContent ?? "") as Figure;
    mountComponent(App, { target: root, props: { figure, host } });
  } catch (error) {
    const message = document.createElement("p");
    message.setAttribute("role", "alert");
    message.textContent = `circuitsvis could not draw this figure: ${String(error)}`;
    root.replaceChildren(message);
  }
}
