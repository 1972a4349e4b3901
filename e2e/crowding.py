"""What of a figure is wider than its page, and what lies on something else."""

from __future__ import annotations

from playwright.sync_api import Page

# Boxes of letters, controls and pictures as far as they are visible: what a scrolling or clipping element hides is not. Not of tooltips
# and lists, which lie on others on purpose, nor of the labels of axes, which lean.
_CROWDED = """figure => {
  const isLetters = (e) => [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  const OVER = ".tip, [role=listbox], .axis, .visually-hidden, [role=application] *, .atlas, .label";
  const visible = (e, rect) => {
    let { left, right, top, bottom } = rect;
    for (let a = e.parentElement; a && a !== figure; a = a.parentElement) {
      if (getComputedStyle(a).overflow === "visible") continue;
      const box = a.getBoundingClientRect();
      [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
      [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
    }
    return { e, left, right, top, bottom };
  };
  const parts = [...figure.querySelectorAll("*")].filter((e) =>
    e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest(OVER) &&
    (e.matches("canvas, button, input, select, td, th, [role=application]") || isLetters(e)));
  // an element that is broken over lines has a box for each
  const all = parts.flatMap((e) => Array.from(e.getClientRects(), (rect) => visible(e, rect)));
  const boxes = all.filter((b) => b.right - b.left > 2 && b.bottom - b.top > 2);
  const name = ({ e }) => `${e.tagName.toLowerCase()}.${e.className} "${e.textContent.trim().slice(0, 20)}"`;
  const page = document.documentElement.clientWidth;
  const found = boxes.filter(({ left, right }) => right > page + 1 || left < -1).map((b) => `${name(b)} is cut by the page`);
  boxes.sort((a, b) => a.top - b.top);
  for (let i = 0; i < boxes.length; i++) {
    for (let k = i + 1; k < boxes.length && boxes[k].top < boxes[i].bottom - 2; k++) {
      const [a, b] = [boxes[i], boxes[k]];
      if (a.e.contains(b.e) || b.e.contains(a.e)) continue;
      if (a.e.closest("label") && a.e.closest("label") === b.e.closest("label")) continue;
      if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2) found.push(`${name(a)} and ${name(b)} overlap`);
    }
  }
  return found.slice(0, 5);
}"""


def crowded(page: Page) -> list[str]:
    """The first parts of the figure that the page cuts, or that lie on each other."""
    found: list[str] = page.locator("section.figure").first.evaluate(_CROWDED)
    return found
