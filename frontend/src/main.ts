/** The functions that a page calls to mount its figures. Python's `_page/html_page.py` writes the markup. */
import { mount as mountComponent, unmount } from "svelte";
import App from "./App.svelte";
import { messageOf, sayInPlaceOf, sayOfPage } from "./browser/alerts";
import FirstInput from "./browser/FirstInput.svelte";
import { presence } from "./browser/presence";
import { hasEnd, readFigure } from "./data/blocks";

mountComponent(FirstInput, { target: document.createElement("div") });

/** A set and not an attribute of the elements, because "save page as" would save the attribute. */
const mounted = new WeakSet<Element>();
/** Versions whose page will be looked at again when all of it has arrived. */
const expected = new Set<string>();

/** Mounts every figure of this version of the bundle that is not mounted yet. */
export function mountAll(hash: string): void {
  for (const wrapper of document.querySelectorAll<HTMLElement>(`[data-circuitsvis="${hash}"]`)) {
    mount(wrapper);
  }
  if (document.readyState !== "loading" || expected.has(hash)) return;
  expected.add(hash);
  document.addEventListener("DOMContentLoaded", () => {
    // A figure whose own script did not arrive, or was damaged, is mounted too, or says what it lacks.
    mountAll(hash);
    const page = document.querySelector(`[data-circuitsvis-page="${hash}"]`);
    if (page && !hasEnd(document))
      sayOfPage(page, "This page was cut off, so that something is missing below: save or load it again.");
  });
}

/**
 * Mounts one figure, once. Does nothing while its JSON has not arrived: the script behind the JSON calls this again.
 * @param wrapper holds a div for the figure, its JSON, and its blocks
 */
export function mount(wrapper: HTMLElement): void {
  const host = wrapper.firstElementChild;
  if (!host || mounted.has(wrapper)) return;
  try {
    const figure = readFigure(wrapper);
    if (!figure) return;
    const version = wrapper.dataset.circuitsvis ?? "development";
    const target = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    target.replaceChildren();
    const app = mountComponent(App, { target, props: { figure, host, version } });
    mounted.add(wrapper);
    target.append(presence(version, leave, () => mount(wrapper)));

    function leave(): void {
      if (mounted.delete(wrapper)) void unmount(app);
    }
  } catch (error) {
    sayInPlaceOf(host, `circuitsvis could not draw this figure: ${messageOf(error)}.`);
  }
}
