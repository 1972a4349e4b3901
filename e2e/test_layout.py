"""Nothing jumps: what is pointed at, chosen or decoded later changes pictures and words, never places. Narrow pages fit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.pages import fixture_page, leave, settled, text
from e2e.reading import wait_drawn

Boxes = dict[str, list[float]]

SMALL, LARGE = "small-batch-dropdown", "large-batch-radio"

# The page's own height is a part too: what stands below a figure must not move either.
_BOXES = """figure => {
  const boxes = { page: [0, 0, 0, document.documentElement.scrollHeight] };
  const parts = "h2, .help, .controls, .layer, .axes, .legend, .legend .bar, .axis, .scroll, .panel, canvas, label, " +
    "button[data-index], button[data-index] bdi, .strip > *, [data-testid], h3, .title";
  for (const part of figure.querySelectorAll(parts)) {
    const { left, top, width, height } = part.getBoundingClientRect();
    const own = part.dataset.testid ?? part.className.replace(/ ?(svelte-\\w+|locked|shown|chosen|on|smooth)/g, "");
    let name = `${part.tagName} ${own}`;
    while (name in boxes) name += "'";
    boxes[name] = [left, top + scrollY, width, height].map((n) => Math.round(n * 4) / 4);
  }
  return boxes;
}"""

# Holds back all decoding until the page's own `release()` is called.
_HOLD = """(() => {
  const gate = new Promise((resolve) => (globalThis.release = resolve));
  const whole = Response.prototype.arrayBuffer;
  Response.prototype.arrayBuffer = async function () {
    await gate;
    return whole.call(this);
  };
})()"""

_TWO_FRAMES = "() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"


def boxes(page: Page) -> Boxes:
    found: Boxes = page.locator("section.figure").evaluate(_BOXES)
    assert len(found) > 20
    return found


def moved(before: Boxes, after: Boxes) -> dict[str, Any]:
    return {
        name: (before.get(name), after.get(name)) for name in {*before, *after} if before.get(name) != after.get(name)
    }


def long_names(mode: str) -> str:
    """Names and tokens that do not fit where the usual ones do."""
    attention = np.tril(np.random.default_rng(0).random((1, 14, 9, 9)))
    attention[0, 3, 4, 2] = np.nan
    tokens = [[f" antidisestablishmentarianism{i}" for i in range(9)]]
    names = [f"mover {i} of names" for i in range(14)]
    figure = cv.attention.from_values(attention, tokens, head_names=names, mode=mode)  # type: ignore[arg-type]
    assert figure is not None
    return figure.data


PAGES: dict[str, Callable[[], str]] = {
    SMALL: lambda: fixture_page(SMALL),
    LARGE: lambda: fixture_page(LARGE),
    "small-144-heads": lambda: fixture_page("small-144-heads"),
    "large-no-value": lambda: fixture_page("large-no-value"),
    "large-rectangular": lambda: fixture_page("large-rectangular"),
    "small-signed": lambda: fixture_page("small-signed"),
    "small-long-names": lambda: long_names("small"),
    "large-long-names": lambda: long_names("large"),
}


@pytest.mark.parametrize("width", [600, 1200])
@pytest.mark.parametrize("name", PAGES)
def test_hovering_and_locking_move_nothing(name: str, width: int, open_page: Opener) -> None:
    page = open_page(PAGES[name](), width=width, height=1600)
    wait_drawn(page)
    testid = "overview" if name.startswith("small") else "heatmap"
    settled(page, testid)
    before = boxes(page)
    heads, area, tokens = page.get_by_test_id("head"), page.get_by_test_id(testid), page.get_by_test_id("token-strip")
    # Dispatched, not pointed: Playwright would scroll to what lies below, and stop where something moves.
    steps = [
        *((heads.nth(i), "pointerover") for i in (0, heads.count() - 1)),
        (heads.nth(1), "click"),
        (area, "pointermove"),
        (area, "click"),
        *((tokens.get_by_role("button").nth(i), "pointerover") for i in (1, 7)),
        (tokens.get_by_role("button").nth(4), "click"),
    ]
    for target, event in steps:
        place = target.evaluate(
            "e => { const b = e.getBoundingClientRect(); return [b.left + 40, b.top + b.height * 0.7]; }"
        )
        where = {"bubbles": True, "clientX": place[0], "clientY": place[1], "pointerType": "mouse"}
        target.dispatch_event(event, where)
        page.evaluate(_TWO_FRAMES)
        assert moved(before, boxes(page)) == {}, event
    settled(page, testid)
    assert moved(before, boxes(page)) == {}, "decoded later"
    assert "locked" in text(page, "head-status") and "Locked" in text(page, "status")


@pytest.mark.parametrize("name", [SMALL, LARGE])
def test_a_sequence_of_equal_length_moves_nothing_but_the_tokens_that_differ(name: str, open_page: Opener) -> None:
    page = open_page(fixture_page(name), height=1600)
    wait_drawn(page)
    page.get_by_test_id("head").nth(1).click()
    tokens = page.get_by_test_id("token-strip").get_by_role("button")
    tokens.nth(3).click()
    leave(page)

    def of_parts() -> Boxes:
        # Tokens have the width of their words.
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
    page.set_content((PAGES.get(name) or (lambda: fixture_page(name)))())
    page.locator("section.figure").wait_for()
    page.evaluate(_TWO_FRAMES)
    before = boxes(page)
    page.evaluate("release()")
    wait_drawn(page)
    settled(page, "overview" if name.startswith("small") else "heatmap")
    assert moved(before, boxes(page)) == {}


@pytest.mark.parametrize("name", [*PAGES, "small-hostile", "large-hostile", "large-500-tokens", "large-144-heads"])
def test_a_page_of_600_pixels_does_not_scroll_sideways(name: str, open_page: Opener) -> None:
    page = open_page((PAGES.get(name) or (lambda: fixture_page(name)))(), width=600)
    wait_drawn(page)
    fits = "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth"
    assert page.evaluate(fits)
    testid = "overview" if name.startswith("small") else "heatmap"
    for x, y in [(0.98, 0.98), (0.5, 0.99), (0.01, 0.3)]:
        box = page.get_by_test_id(testid).bounding_box()
        assert box is not None
        page.get_by_test_id(testid).hover(position={"x": x * min(box["width"], 560), "y": y * box["height"]})
        expect(page.locator(".tip")).to_have_count(1)
        assert page.evaluate(fits), "the tooltip makes the page wider"
    if page.get_by_role("combobox").count():
        page.get_by_role("combobox").click()
        assert page.evaluate(fits)
