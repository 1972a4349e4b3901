"""All text has enough contrast in both themes, and the theme follows the host while the page is open."""

from __future__ import annotations

import pytest
from circuitsvis._page import html_page
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.contrast import unreadable
from e2e.pages import cell_centre, fixture_page, settled
from e2e.reading import wait_drawn
from scripts.fixtures.files import fixture_file


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "testid"),
    [
        ("small-batch-dropdown", "overview"),
        ("large-batch-radio", "heatmap"),
        ("large-signed", "heatmap"),
        ("small-hostile", "overview"),
        ("large-rectangular", "heatmap"),
    ],
)
def test_all_text_stands_out_by_4_5_to_1(name: str, testid: str, scheme: str, open_page: Opener) -> None:
    page = open_page(fixture_page(name), color_scheme=scheme, height=1600)
    wait_drawn(page)
    settled(page, testid)
    assert unreadable(page) == [], "nothing chosen"
    area = page.get_by_test_id(testid)
    area.click(position=cell_centre(area, 4, 1, 8, 8))
    page.get_by_test_id("head").nth(1).click()
    if page.get_by_role("combobox").count():
        page.get_by_role("combobox").press("Enter")
    for index in (1, 4, 6, 7):
        page.get_by_test_id("token-strip").get_by_role("button").nth(index).dispatch_event("click")
        expect(page.locator(".tip")).to_have_count(1)
        assert unreadable(page) == [], f"token {index} chosen"


def test_a_page_that_follows_the_system_takes_its_figure_along(open_page: Opener) -> None:
    page = open_page(fixture_page("large-1-head-5-tokens"), color_scheme="light")
    wait_drawn(page)
    light = settled(page, "heatmap")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("section.figure.dark")).to_have_count(1)
    assert settled(page, "heatmap") != light
    page.emulate_media(color_scheme="light")
    expect(page.locator("section.figure.light")).to_have_count(1)
    assert settled(page, "heatmap") == light


def test_a_figure_follows_jupyterlab_when_its_theme_is_switched(open_page: Opener) -> None:
    fragment = html_page.fragment([fixture_file("small-12-heads").read_text(encoding="ascii")])
    page = open_page(f'<!doctype html><body data-jp-theme-light="true">{fragment}</body>', color_scheme="dark")
    wait_drawn(page)
    page.get_by_test_id("head").nth(2).click()
    light = settled(page, "overview")
    page.evaluate("document.body.dataset.jpThemeLight = 'false'")
    expect(page.locator("section.figure.dark")).to_have_count(1)
    assert settled(page, "overview") != light
    expect(page.get_by_test_id("head-status")).to_contain_text("pinned")
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    expect(page.locator("section.figure.light")).to_have_count(1)
    assert settled(page, "overview") == light
