import { afterEach, beforeEach, expect, test } from "vitest";
import { keepKeys } from "./hostKeys";

let host: HTMLElement;
let inside: HTMLElement;
let release: () => void;

beforeEach(() => {
  host = document.createElement("div");
  document.body.append(host);
  inside = document.createElement("button");
  host.attachShadow({ mode: "open" }).append(inside);
  release = keepKeys(host);
});
afterEach(() => {
  release();
  document.body.replaceChildren();
});

/** Whether the notebook leaves a key alone, which it decides by the attribute of the host before the figure has the key. */
function isKept(key: string, more: KeyboardEventInit = {}, at: Element = inside): boolean {
  at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, composed: true, ...more }));
  return host.hasAttribute("data-lm-suppress-shortcuts");
}

test.each(["a", "d", "Z", "0", "ArrowDown", "Enter", " ", "Delete", "F2"])(
  "%s is the figure's alone",
  (key) => expect(isKept(key)).toBe(true),
);

test.each<[string, KeyboardEventInit]>([
  ["s", { ctrlKey: true }],
  ["s", { metaKey: true }],
  ["Enter", { shiftKey: true }],
  ["Enter", { ctrlKey: true }],
  ["Enter", { altKey: true }],
  ["C", { ctrlKey: true, shiftKey: true }],
  ["Escape", {}],
])("%s with %o is the notebook's too, also after a letter", (key, more) => {
  expect(isKept("b")).toBe(true);
  expect(isKept(key, more)).toBe(false);
});

test("a capital letter is the figure's: Jupyter merges cells at Shift+M", () =>
  expect(isKept("M", { shiftKey: true })).toBe(true));

test("keys outside of the figure are left as they are", () => {
  expect(isKept("b", {}, document.body)).toBe(false);
  const other = document.createElement("div");
  document.body.append(other);
  expect(isKept("b", {}, other)).toBe(false);
});

test("after its end no listener and no attribute are left", () => {
  expect(isKept("b")).toBe(true);
  release();
  expect(host.hasAttribute("data-lm-suppress-shortcuts")).toBe(false);
  expect(isKept("b")).toBe(false);
});
