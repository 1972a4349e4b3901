"""The documentation site, opened from a disk without a network: figures are drawn in their frames, and the search finds pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Frame, Locator, Page, expect

from tests.docs.site_files import SITE

WITH_FIGURES = ["index", "tutorial", "gallery", "faq"]
DRAWN = "() => [...document.querySelectorAll('*')].some((e) => e.shadowRoot?.querySelector('section.figure'))"


def frames(page: Page) -> list[Locator]:
    return page.locator("iframe.figure").all()


def content(frame: Locator) -> Frame:
    element = frame.element_handle()
    found = element.content_frame() if element else None
    assert found is not None
    return found


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_every_figure_of_a_page_is_drawn_in_a_frame_of_its_height(offline: Page, name: str) -> None:
    offline.goto((SITE / f"{name}.html").as_uri())
    assert frames(offline)
    for frame in frames(offline):
        frame.scroll_into_view_if_needed()
        expect(frame).to_have_attribute("data-told", "yes")
        content(frame).wait_for_function(DRAWN)
        content(frame).wait_for_function("() => document.documentElement.scrollHeight <= innerHeight")
        assert content(frame).evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_every_frame_has_a_title_and_a_link_to_the_figure_alone(offline: Page) -> None:
    offline.goto((SITE / "gallery.html").as_uri())
    titles = [frame.get_attribute("title") for frame in frames(offline)]
    assert len(titles) >= 15 and all(titles)
    alone = offline.locator("p.alone a")
    assert [a.get_attribute("href") for a in alone.all()] == [f.get_attribute("src") for f in frames(offline)]


def test_figures_have_the_theme_that_is_chosen_on_the_page(offline: Page) -> None:
    offline.goto((SITE / "index.html").as_uri())
    frame = frames(offline)[0]
    frame.scroll_into_view_if_needed()
    expect(frame).to_have_attribute("data-told", "yes")
    scheme = offline.locator("body")
    for _ in range(2):
        before = scheme.get_attribute("data-md-color-scheme")
        offline.locator("label[title=Dark]:visible, label[title=Light]:visible").click()
        expect(scheme).not_to_have_attribute("data-md-color-scheme", before or "")
        background = offline.evaluate("() => getComputedStyle(document.body).backgroundColor")
        content(frame).wait_for_function(
            "color => getComputedStyle(document.body).backgroundColor === color", arg=background
        )


def test_the_search_finds_the_page_of_a_function(offline: Page) -> None:
    offline.goto((SITE / "index.html").as_uri())
    field = offline.locator("input.md-search__input")
    field.click()
    field.press_sequentially("from_encoder_decoder")
    result = offline.locator(".md-search-result__link").filter(has_text=re.compile("from_encoder_decoder"))
    expect(result.first).to_be_visible()
