"""On paper a figure is whole and dark on white, whatever it was on the screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from e2e.conftest import Opener
from e2e.contrast import CONTRASTS
from e2e.idle import wait_idle
from e2e.pages import fixture_page
from e2e.reading import wait_drawn

FIXTURES = [
    "small-batch-dropdown",
    "small-144-heads",
    "large-144-heads",
    "large-12-heads",
    "large-500-tokens",
    "large-spans",
    "attribution-small",
    "attribution-large",
    "attribution-split",
    "lines-12-heads",
    "lines-two-sentences",
    "log-probs",
    "lens",
    "tokens-performance",
    "topk-tokens-samples",
    "activations-7-samples",
    "tabs-encoder-decoder",
]

# Measures the figure as it is laid out for paper: when the page's own listeners are done, no frame and no script runs any more.
_WATCH = """(figure, contrasts) => {
  globalThis.sheets = [];
  const measure = () => {
    const page = document.documentElement.clientWidth;
    const seen = [...figure.querySelectorAll("*")].filter((e) =>
      e.checkVisibility({ visibilityProperty: true }) && !e.closest(".visually-hidden"));
    const name = (e) => `${e.tagName} ${e.className} ${e.textContent.slice(0, 20)}`;
    const isLetters = (e) => [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const wide = seen.filter((e) => e.matches("canvas, button, input, select, td") || isLetters(e)).filter((e) => {
      const { right, width } = e.getBoundingClientRect();
      return width > 0 && right > page + 1 && !e.closest("svg");
    });
    const cut = seen.filter((e) => /auto|scroll/.test(getComputedStyle(e).overflowY + getComputedStyle(e).overflowX)
      && (e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1));
    return { page, wide: wide.slice(0, 3).map(name), cut: cut.slice(0, 3).map(name), theme: figure.className,
      pale: contrasts(figure, true).filter(([contrast]) => contrast < 4.5).slice(0, 3) };
  };
  matchMedia("print").addEventListener("change", ({ matches }) => {
    if (matches) globalThis.sheets.push(measure());
  });
}"""


def printed(page: Page, paper: str) -> dict[str, object]:
    """What a figure is on paper of that size, with the margins of Chromium's dialog."""
    margin = dict.fromkeys(("top", "right", "bottom", "left"), "0.4in")
    page.pdf(format=paper, margin=margin)  # type: ignore[arg-type]
    sheet: dict[str, object] = page.evaluate("globalThis.sheets.pop()")
    return sheet


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("fixture", FIXTURES)
def test_nothing_is_cut_and_nothing_is_pale(fixture: str, scheme: str, open_page: Opener) -> None:
    page = open_page(fixture_page(fixture), color_scheme=scheme)
    page.locator("section.figure").first.wait_for()
    wait_idle(page)
    page.locator("section.figure").first.evaluate(f"figure => ({_WATCH})(figure, {CONTRASTS})")
    for paper, width in (("A4", 717), ("Letter", 739)):
        sheet = printed(page, paper)
        # else the browser has made all of the page smaller, because something was wider than the paper
        assert abs(int(str(sheet.pop("page"))) - width) <= 4
        theme = str(sheet.pop("theme"))
        assert " light" in theme and " dark" not in theme
        assert sheet == {"wide": [], "cut": [], "pale": []}, paper


def test_the_figure_is_as_before_once_it_is_printed(open_page: Opener) -> None:
    page = open_page(fixture_page("large-12-heads"), color_scheme="dark")
    wait_drawn(page)
    figure, area = page.locator("section.figure"), page.get_by_test_id("heatmap")
    before = figure.get_attribute("class"), area.bounding_box(), area.locator("canvas").evaluate("e => e.toDataURL()")
    page.pdf(format="A4")
    wait_idle(page)
    after = figure.get_attribute("class"), area.bounding_box(), area.locator("canvas").evaluate("e => e.toDataURL()")
    assert after == before
