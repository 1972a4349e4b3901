import { afterEach, expect, test, vi } from "vitest";
import { text } from "../test/fixtures";
import { sealed } from "./data/blocks";
import { mountAll } from "./bundles/all";

afterEach(() => document.body.replaceChildren());

/** At least one figure of each view, and of each mode. */
const FIGURES = [
  "small-batch-dropdown",
  "large-batch-radio",
  "large-spans",
  "lines-layers",
  "attribution-large",
  "tabs-encoder-decoder",
  "tokens-multi",
  "log-probs",
  "lens",
  "activations-7-samples",
  "topk-tokens-samples",
  "topk-samples",
];
const SHORTCUTS: KeyboardEventInit[] = [
  { key: "Enter", ctrlKey: true },
  { key: "Enter", shiftKey: true },
  { key: "Enter", metaKey: true },
  { key: "s", ctrlKey: true },
  { key: "C", ctrlKey: true, shiftKey: true },
  { key: "ArrowDown", ctrlKey: true, shiftKey: true },
  { key: "a", metaKey: true },
];

test.each(FIGURES)(
  "%s leaves shortcuts to the page around it, wherever its focus is",
  async (name) => {
    const wrapper = document.createElement("div");
    wrapper.dataset.circuitsvis = "h1";
    wrapper.append(document.createElement("div"), document.createComment(sealed(text(name))));
    document.body.append(wrapper);
    mountAll("h1");
    const root = () => wrapper.firstElementChild?.shadowRoot;
    await vi.waitFor(() => expect(stops(root()).length).toBeGreaterThan(1), 20_000);
    for (const stop of stops(root())) {
      for (const keys of SHORTCUTS) {
        const event = new KeyboardEvent("keydown", {
          ...keys,
          bubbles: true,
          composed: true,
          cancelable: true,
        });
        stop.dispatchEvent(event);
        expect
          .soft(event.defaultPrevented, `${stop.outerHTML.slice(0, 80)} ${JSON.stringify(keys)}`)
          .toBe(false);
      }
    }
  },
  30_000,
);

/** Where Tab stops. */
function stops(root: ShadowRoot | null | undefined): Element[] {
  const focusable = "[tabindex='0'], button:not([tabindex='-1']), select, input";
  return [...(root?.querySelectorAll(focusable) ?? [])].slice(0, 40);
}
