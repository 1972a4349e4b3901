"""Figures in VS Code, Colab and on GitHub, as far as their rules can be rebuilt: see docs/hosts.md."""

from __future__ import annotations

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Frame, Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.reading import wait_drawn
from e2e.rebuilt_hosts import colab, on_github, show_in_colab, vs_code
from scripts.fixtures.catalogue import FIGURES
from tests.support.caches import softmax_patterns, words

# A figure that has the width of its frame, but for the outlines at its edge, in a frame that has the height of its figure.
FITS = """() => {
  const { offsetHeight, scrollWidth } = document.documentElement;
  return offsetHeight > 600 && offsetHeight === innerHeight && scrollWidth <= innerWidth + 3;
}"""
KINDS = ["lines-12-heads", "attribution-small", "topk-samples", "tokens-multi", "log-probs"]


def model_figure(mode: str) -> cv.Figure:
    """144 heads of 60 tokens."""
    patterns = softmax_patterns((1, 12, 60, 60)).astype(np.float32)
    cache = {f"blocks.{layer}.attn.hook_pattern": patterns for layer in range(12)}
    figure = cv.attention.from_cache(cache, words(60), mode=mode)  # type: ignore[call-overload]  # a text of two
    assert isinstance(figure, cv.Figure)
    return figure


def heights_in_vs_code(page: Page, figure: cv.Figure) -> list[int]:
    """The heights that VS Code is told of an output, in their order, until the page is idle."""
    page.evaluate("(html) => { heights.length = 0; return renderOutput(html); }", figure._repr_html_())
    expect(page.locator("section.figure").last).to_be_visible()
    wait_idle(page)
    told: list[int] = page.evaluate("heights")
    assert told[-1] == page.evaluate("document.body.lastElementChild.offsetHeight")
    return told


@pytest.mark.parametrize("mode", ["small", "large"])
def test_in_vs_code_a_figure_comes_at_once_at_its_height_and_stays_as_high(mode: str, open_page: Opener) -> None:
    page = open_page(vs_code(), width=1000)
    for _ in range(2):  # the second time the script is there already
        told = heights_in_vs_code(page, model_figure(mode))
        assert len(told) <= 2, "the still, and the figure"
    wait_drawn(page, figures=2)


@pytest.mark.parametrize("name", KINDS)
def test_in_vs_code_other_views_stay_as_high_too(name: str, open_page: Opener) -> None:
    assert len(heights_in_vs_code(open_page(vs_code(), width=1000), FIGURES[name]())) <= 2


def test_in_vs_code_the_theme_follows(open_page: Opener) -> None:
    page = open_page(vs_code())
    heights_in_vs_code(page, FIGURES["small-12-heads"]())
    for kind in ("vscode-dark", "vscode-light", "vscode-high-contrast", "vscode-high-contrast-light"):
        page.evaluate("kind => setTheme(kind)", kind)
        theme = "light" if kind.endswith("light") else "dark"
        expect(page.locator(f"section.figure.{theme}")).to_have_count(1)


def test_in_colab_a_figure_draws_has_the_theme_and_its_frame_the_height(open_page: Opener) -> None:
    page = open_page(colab())
    show_in_colab(page, model_figure("small")._repr_html_())
    inside = page.frame_locator("iframe")
    expect(inside.locator("section.figure.dark [data-testid=head]")).to_have_count(144)
    page.evaluate("setTheme('light')")
    expect(inside.locator("section.figure.light")).to_have_count(1)
    frame = content(page)
    for width in (1200, 600, 1200):
        page.set_viewport_size({"width": width, "height": 900})
        frame.wait_for_function(FITS)


def content(page: Page) -> Frame:
    element = page.locator("iframe").element_handle()
    found = element.content_frame() if element else None
    assert found is not None
    return found


@pytest.mark.parametrize("pictures", [True, False])
def test_on_github_a_figure_is_a_picture_with_a_sentence_and_no_data(pictures: bool, open_page: Opener) -> None:
    page = open_page(on_github(FIGURES["small-12-heads"]()._repr_html_(), pictures=pictures))
    expect(page.get_by_text("circuitsvis figure")).to_be_visible()
    image = page.get_by_role("img")
    expect(image).to_have_attribute("alt", image.get_attribute("alt") or "nothing is described")
    assert image.evaluate("(image) => image.naturalWidth > 100") is pictures
    assert len(page.locator("body").inner_text()) < 600
