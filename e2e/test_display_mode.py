"""A figure with a theme of its own is a panel of that theme on any page, in every mode."""

from __future__ import annotations

import circuitsvis as cv
import pytest
from circuitsvis._input.options import Mode
from circuitsvis._wire.props.figure import DisplayMode
from playwright.sync_api import Page

from e2e.conftest import Opener
from e2e.reading import wait_drawn
from tests.support.caches import softmax_patterns, words

WIDTH = 600
SCHEMES = ["light", "dark"]


def opened(open_page: Opener, mode: Mode, display_mode: DisplayMode, scheme: str) -> Page:
    figure = cv.attention.from_values(
        softmax_patterns((6, 30, 30)), words(30), mode=mode, display_mode=display_mode, title="Title"
    )
    page = open_page(figure.data, color_scheme=scheme, width=WIDTH)
    wait_drawn(page)
    return page


def background(page: Page) -> str:
    painted: str = page.locator("section.figure").evaluate("element => getComputedStyle(element).backgroundColor")
    return painted


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("display_mode", ["dark", "light"])
@pytest.mark.parametrize("mode", ["small", "large"])
def test_a_panel_has_the_theme_that_was_asked_for(
    mode: Mode, display_mode: DisplayMode, scheme: str, open_page: Opener
) -> None:
    page = opened(open_page, mode, display_mode, scheme)
    assert display_mode in (page.locator("section.figure").get_attribute("class") or "").split()
    assert background(page) == {"dark": "rgb(35, 39, 46)", "light": "rgb(255, 255, 255)"}[display_mode]
    text = page.locator("section.figure h2").first.evaluate("element => getComputedStyle(element).color")
    assert text == {"dark": "rgb(228, 231, 236)", "light": "rgb(27, 30, 35)"}[display_mode]
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("mode", ["small", "large"])
def test_without_a_choice_the_figure_is_a_part_of_the_page(mode: Mode, scheme: str, open_page: Opener) -> None:
    page = opened(open_page, mode, "auto", scheme)
    assert scheme in (page.locator("section.figure").get_attribute("class") or "").split()
    assert background(page) == "rgba(0, 0, 0, 0)"
