"""Encoder, decoder and cross-attention in one figure: its tabs, by mouse and by keyboard, and the values in each."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import open_fixture
from e2e.reading import values, wait_drawn
from tests.support import reference, tabs
from tests.support.caches import softmax_patterns, words

NAMES = ["Encoder", "Decoder", "Cross"]
SHOWN = 6e-5
"""Values are shown with four digits, since their error bound is 7.8e-6."""
AREAS = {"small": "overview", "large": "heatmap"}


def figure(mode: str) -> Any:
    """One head of each kind, a batch of two; six encoder tokens and four decoder tokens."""
    shapes = {"encoder": (6, 6), "decoder": (4, 4), "cross": (4, 6)}
    data = {
        f"{kind}_attention": softmax_patterns((2, 1, *shape), causal=kind == "decoder", seed=seed)
        for seed, (kind, shape) in enumerate(shapes.items())
    }
    sources, targets = [f"s{i}" for i in range(6)], words(4)
    return cv.attention.from_encoder_decoder(None, [sources] * 2, [targets] * 2, mode, True, **data)  # type: ignore[call-overload]


def shown_tab(page: Page) -> str:
    """The chosen tab, once everything agrees on it."""
    wait_idle(page)
    chosen = page.locator("[role=tab][aria-selected=true]")
    expect(chosen).to_have_count(1)
    panel = page.locator("[role=tabpanel]:visible")
    expect(panel).to_have_count(1)
    assert chosen.get_attribute("aria-controls") == panel.get_attribute("id")
    assert panel.get_attribute("aria-labelledby") == chosen.get_attribute("id")
    return chosen.inner_text().strip()


def decoded(page: Page) -> int:
    """How many streams the page has decompressed: one for each chunk, besides the script."""
    count: int = page.evaluate("globalThis.inflated")
    return count


_COUNT = """(() => {
  globalThis.inflated = 0;
  globalThis.DecompressionStream = class extends DecompressionStream {
    constructor(...options) { super(...options); globalThis.inflated++; }
  };
})()"""


@pytest.mark.parametrize("mode", ["small", "large"])
def test_every_tab_shows_its_values(mode: str, open_page: Opener) -> None:
    made = figure(mode)
    page = open_page(made.data)
    wait_drawn(page)
    for name, inner in tabs.figures(made).items():
        page.get_by_role("tab", name=name).click()
        assert shown_tab(page) == name
        want = reference.shown(inner)[0]
        got = values(page, AREAS[mode], *want.shape)
        np.testing.assert_array_equal(np.isnan(got), np.isnan(want))
        np.testing.assert_allclose(np.nan_to_num(got), np.nan_to_num(want), rtol=0, atol=SHOWN)


def test_the_keyboard_alone_reaches_every_tab_and_leaves_the_row_by_tab(open_page: Opener) -> None:
    page = open_fixture(open_page, "tabs-large")
    page.keyboard.press("Tab")
    for key, name in [
        ("ArrowRight", "Decoder"), ("ArrowRight", "Cross"), ("ArrowRight", "Encoder"), ("ArrowLeft", "Cross"),
        ("Home", "Encoder"), ("End", "Cross"),
    ]:  # fmt: skip
        page.keyboard.press(key)
        assert shown_tab(page) == name
        expect(page.get_by_role("tab", name=name)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator("[role=tabpanel]:visible [role=combobox]")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("tab", name="Cross")).to_be_focused()


def test_a_hidden_tab_is_neither_decoded_nor_built(open_page: Opener) -> None:
    html = figure("large").data
    page = open_page(html.replace("<head>", f"<head><script>{_COUNT}</script>", 1))
    wait_drawn(page)
    expect(page.get_by_test_id("heatmap")).to_have_count(1)
    first = decoded(page)
    page.get_by_role("tab", name="Cross").click()
    assert shown_tab(page) == "Cross"
    expect(page.get_by_test_id("heatmap")).to_have_count(2)
    second = decoded(page)
    # a preview and the head that is shown
    assert second - first == 2
    page.get_by_role("tab", name="Encoder").click()
    assert shown_tab(page) == "Encoder"
    assert decoded(page) == second


def test_what_is_pinned_and_the_sequence_stay_from_tab_to_tab(open_page: Opener) -> None:
    page = open_page(figure("large").data)
    wait_drawn(page)
    page.locator("[data-testid=heatmap]:visible").click()
    pinned = page.locator("[data-testid=status]:visible").text_content()
    assert pinned and pinned.startswith("Pinned")
    page.get_by_role("tab", name="Cross").click()
    second = page.locator("[data-testid=batch-selector]:visible [type=radio]").nth(1)
    second.check()
    page.get_by_role("tab", name="Encoder").click()
    assert shown_tab(page) == "Encoder"
    expect(second).to_be_checked()
    expect(page.locator("[data-testid=status]:visible")).to_contain_text("Pinned")
    page.get_by_role("tab", name="Decoder").click()
    expect(second).to_be_checked()
    want = reference.shown(tabs.figures(figure("large"))["Decoder"], 1)[0]
    np.testing.assert_allclose(np.nan_to_num(values(page, "heatmap", 4, 4)), np.nan_to_num(want), rtol=0, atol=SHOWN)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("name", ["tabs-encoder-decoder", "tabs-large", "tabs-lines", "tabs-hostile"])
def test_every_tab_fits_narrow_and_wide_pages(name: str, width: int, scheme: str, open_page: Opener) -> None:
    page = open_fixture(open_page, name, width=width, color_scheme=scheme)
    for i in range(page.get_by_role("tab").count()):
        page.get_by_role("tab").nth(i).click()
        shown_tab(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.locator("[role=tabpanel]:visible").inner_text().strip()
    colors = page.locator("[role=tab][aria-selected=true]").evaluate("tab => getComputedStyle(tab).color")
    others = page.locator("[role=tab][aria-selected=false]").first.evaluate("tab => getComputedStyle(tab).color")
    assert colors != others


def test_the_page_below_does_not_jump_while_a_tab_is_decoded(open_page: Opener) -> None:
    """From one tab to the next, the figure is at no time lower than both of them."""
    page = open_page(figure("large").data)
    wait_drawn(page)
    heights = page.evaluate(
        """async () => {
          const root = document.querySelector("[data-circuitsvis]").firstElementChild.shadowRoot;
          const panels = root.querySelector("[role=tabpanel]").parentElement;
          const heights = [panels.offsetHeight];
          root.querySelectorAll("[role=tab]")[2].click();
          for (let frame = 0; frame < 30; frame++) {
            await new Promise(nextFrameUntracked);
            heights.push(panels.offsetHeight);
          }
          return heights;
        }"""
    )
    assert min(heights) >= min(heights[0], heights[-1]), heights
