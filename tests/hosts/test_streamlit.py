"""Figures in Streamlit: what its three elements for HTML do with a frame, and with a figure as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.frame_page import expect_theme
from tests.hosts.app_server import app_server, open_app
from tests.hosts.frames import expect_drawn, wait_as_high_as_its_page
from tests.hosts.recipes import app

pytestmark = pytest.mark.xdist_group("apps")

OTHERS = """
from streamlit.components import v1 as components

components.html(figure.iframe(), height=300)
st.html(figure.iframe())
st.html(figure)
"""
OPTIONS = ["--server.headless=true", "--server.port=0", "--server.address=127.0.0.1", "--server.fileWatcherType=none"]


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("streamlit")
    (folder / "app.py").write_text(app("Streamlit") + OTHERS, encoding="utf-8")
    with app_server(
        ["-m", "streamlit", "run", "app.py", *OPTIONS, "--browser.gatherUsageStats=false"], folder
    ) as address:
        page = open_app(browser, address, color_scheme="dark")
        yield page
        page.context.close()


def section(page: Page, number: int) -> Locator:
    """The figure in one of Streamlit's frames."""
    return page.frame_locator("iframe").nth(number).frame_locator("iframe").locator("section.figure")


def test_the_recipe_draws_in_streamlits_theme_as_high_as_the_figure(page: Page) -> None:
    expect_drawn(section(page, 0))
    expect_theme(section(page, 0), "dark")
    wait_as_high_as_its_page(section(page, 0))
    wait_as_high_as_its_page(page.frame_locator("iframe").first.locator("body"))


def test_the_theme_changes_with_streamlits(page: Page) -> None:
    expect_theme(section(page, 0), "dark")
    page.emulate_media(color_scheme="light")
    expect_theme(section(page, 0), "light")
    page.emulate_media(color_scheme="dark")
    expect_theme(section(page, 0), "dark")


def test_in_a_frame_of_fixed_height_the_figure_scrolls(page: Page) -> None:
    figure = section(page, 1)
    expect_drawn(figure)
    expect_theme(figure, "dark")
    last = figure.locator("button").last
    last.scroll_into_view_if_needed()
    expect(last).to_be_in_viewport()
    assert figure.evaluate("() => innerHeight") == 300


def test_where_streamlit_removes_the_frame_a_still_and_a_sentence_say_so(page: Page) -> None:
    element = page.get_by_test_id("stHtml").nth(0)
    expect(element).to_contain_text("In Streamlit, use st.iframe(figure.iframe())")
    expect(element.locator("img")).to_be_visible()


def test_a_figure_that_is_given_as_it_is_shows_a_still_and_a_sentence(page: Page) -> None:
    element = page.get_by_test_id("stHtml").nth(1)
    expect(element).to_contain_text("In an app: show figure.iframe()")
    expect(element.locator("img")).to_be_visible()
