/** The functions that a page calls to mount its figures. Python's `_page/html_page.py` writes the markup. */
import { mount as mountComponent } from "svelte";
import App from "./App.svelte";
import { sayInPlaceOf, sayOfPage } from "./browser/alerts";
import { hasEnd, readFigure } from "./data/blocks";

/** A set and not an attribute of the elements, because "save page as" would save the attribute. */
const mounted = new WeakSet<Element>();
/** Versions whose page will be looked at again when all of it has arrived. */
const expected = new Set<string>();

/** Mounts every figure of this version of the bundle that is not mounted yet. */
export function mountAll(hash: string): void {
  for (const wrapper of document.querySelectorAll(`[data-circuitsvis="${hash}"]`)) {
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
export function mount(wrapper: Element): void {
  if (mounted.has(wrapper)) return;
  const host = wrapper.firstElementChild;
  if (!host) return;
  try {
    const figure = readFigure(wrapper);
    if (!figure) return;
    const target = host.shadowRoot ?? host.attachShadow({ mode: "open" });
    mountComponent(App, { target, props: { figure, host } });
    mounted.add(wrapper);
  } catch (error) {
    sayInPlaceOf(
      host,
      `circuitsvis could not draw this figure: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}
