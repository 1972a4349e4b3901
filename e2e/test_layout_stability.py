"""Nothing moves: hovering, pinning and decoding change pictures and texts, never positions."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle, wait_painted
from e2e.layout_pages import LARGE, PAGES, SMALL, layout_page
from e2e.pages import fixture_page, leave, settled, text
from e2e.reading import wait_drawn

Boxes = dict[str, list[float]]

# The height of the page is included, because what is below a figure must not move either.
_BOXES = """figure => {
  const boxes = { page: [0, 0, 0, document.documentElement.scrollHeight] };
  const parts = "h2, .help, .controls, .layer, .axes, .legend, .legend .bar, .axis, .place, .panel, canvas, label, " +
    "button[data-index], button[data-index] bdi, .strip > *, [data-testid], h3, .title";
  for (const part of figure.querySelectorAll(parts)) {
    const { left, top, width, height } = part.getBoundingClientRect();
    const kind = part.dataset.testid ?? part.className.replace(/ ?(s-\\w+|data-color|picked|pinned|shown|chosen|on|smooth)/g, "");
    let name = `${part.tagName} ${kind}`;
    while (name in boxes) name += "'";
    boxes[name] = [left, top + scrollY, width, height].map((n) => Math.round(n * 4) / 4);
  }
  return boxes;
}"""

# Stops all decoding until `release()` is called in the page.
_HOLD = """(() => {
  const gate = new Promise((resolve) => (globalThis.release = resolve));
  const { prototype } = ReadableStreamDefaultReader;
  const { read } = prototype;
  prototype.read = async function () {
    const root = document.querySelector("[data-circuitsvis] > div")?.shadowRoot;
    if (root?.querySelector("canvas")) await gate; // earlier reads are those of the first picture
    return read.call(this);
  };
})()"""


def boxes(page: Page) -> Boxes:
    boxes_by_part: Boxes = page.locator("section.figure").evaluate(_BOXES)
    assert len(boxes_by_part) > 20
    return boxes_by_part


def moved(before: Boxes, after: Boxes) -> dict[str, Any]:
    return {
        name: (before.get(name), after.get(name)) for name in {*before, *after} if before.get(name) != after.get(name)
    }


@pytest.mark.parametrize("width", [600, 1200])
@pytest.mark.parametrize("name", PAGES)
def test_hovering_and_pinning_move_nothing(name: str, width: int, open_page: Opener) -> None:
    page = open_page(layout_page(name), width=width, height=1600)
    wait_drawn(page)
    testid = "overview" if name.startswith("small") else "heatmap"
    settled(page, testid)
    before = boxes(page)
    heads, area, tokens = page.get_by_test_id("head"), page.get_by_test_id(testid), page.get_by_test_id("token-strip")
    # Events are dispatched, because Playwright's own actions scroll, and wait for what moves to stop.
    steps = [
        *((heads.nth(i), "pointerover") for i in (0, heads.count() - 1)),
        (heads.nth(1), "click"),
        (area, "pointermove"),
        (area, "click"),
        *((tokens.get_by_role("button").nth(i), "pointerover") for i in (1, 7)),
        (tokens.get_by_role("button").nth(4), "click"),
    ]
    for target, event in steps:
        point = target.evaluate(
            "e => { const b = e.getBoundingClientRect(); return [b.left + 40, b.top + b.height * 0.7]; }"
        )
        where = {"bubbles": True, "clientX": point[0], "clientY": point[1], "pointerType": "mouse"}
        target.dispatch_event(event, where)
        wait_painted(page)
        assert moved(before, boxes(page)) == {}, event
    settled(page, testid)
    assert moved(before, boxes(page)) == {}, "decoded later"
    assert "pinned" in text(page, "head-status") and "Pinned" in text(page, "status")


@pytest.mark.parametrize("name", [SMALL, LARGE])
def test_a_sequence_of_equal_length_moves_nothing_but_the_tokens_that_differ(name: str, open_page: Opener) -> None:
    page = open_page(fixture_page(name), height=1600)
    wait_drawn(page)
    page.get_by_test_id("head").nth(1).click()
    tokens = page.get_by_test_id("token-strip").get_by_role("button")
    tokens.nth(3).click()
    leave(page)

    def of_parts() -> Boxes:
        # The width of a token is that of its text.
        return {part: box for part, box in boxes(page).items() if not part.startswith(("BUTTON ", "BDI"))}

    before = of_parts()
    if name == LARGE:
        page.get_by_role("radio").nth(1).dispatch_event("click")
    else:
        page.get_by_role("combobox").press("ArrowDown")
    expect(tokens.nth(15)).to_contain_text("John")
    settled(page, "overview" if name == SMALL else "heatmap")
    assert moved(before, of_parts()) == {}


@pytest.mark.parametrize("name", [*PAGES, "large-500-tokens", "small-500-tokens"])
def test_data_that_is_decoded_later_moves_nothing(name: str, open_page: Opener) -> None:
    page = open_page("<!doctype html>", height=1600)
    page.evaluate(_HOLD)
    page.set_content(layout_page(name))
    page.get_by_test_id("token-strip").wait_for()
    wait_idle(page)  # many tokens are added in parts; held reads do not count as work
    before = boxes(page)
    page.evaluate("release()")
    wait_drawn(page)
    settled(page, "overview" if name.startswith("small") else "heatmap")
    assert moved(before, boxes(page)) == {}
