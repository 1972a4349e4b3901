"""Figures in Gradio: the recipe, in a tab that is hidden at first, and a figure that is given as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.frame_page import expect_theme
from tests.hosts.app_server import app_server, open_app
from tests.hosts.frames import expect_drawn, wait_as_high_as_its_page
from tests.hosts.recipes import app

pytestmark = pytest.mark.xdist_group("apps")

MORE = """
    with gr.Tabs():
        with gr.Tab("first"):
            gr.HTML(str(figure), elem_id="as-it-is")
        with gr.Tab("second"):
            gr.HTML(figure.iframe(), elem_id="in-a-tab")
"""


@pytest.fixture(scope="module")
def page(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    folder = tmp_path_factory.mktemp("gradio")
    code = app("Gradio").replace("app.launch()", f"{MORE}app.launch()")
    (folder / "app.py").write_text(code, encoding="utf-8")
    with app_server(["app.py"], folder) as address:
        page = open_app(browser, address, color_scheme="dark")
        yield page
        page.context.close()


def section(frame: Locator) -> Locator:
    return frame.content_frame.locator("section.figure")


def test_the_recipe_draws_in_gradios_theme_as_high_as_the_figure(page: Page) -> None:
    figure = section(page.locator("iframe").first)
    expect_drawn(figure)
    expect_theme(figure, "dark")
    wait_as_high_as_its_page(figure)


def test_the_theme_changes_with_gradios(page: Page) -> None:
    figure = section(page.locator("iframe").first)
    expect_theme(figure, "dark")
    page.evaluate("document.body.classList.remove('dark')")  # as Gradio's settings do
    expect_theme(figure, "light")
    page.evaluate("document.body.classList.add('dark')")
    expect_theme(figure, "dark")


def test_a_figure_in_a_tab_that_is_opened_later_is_as_high_as_it_is(page: Page) -> None:
    page.get_by_role("tab", name="second").click()
    figure = section(page.locator("#in-a-tab iframe"))
    expect_drawn(figure)
    wait_as_high_as_its_page(figure)
    page.get_by_role("tab", name="first").click()


def test_a_figure_that_is_given_as_it_is_shows_a_sentence(page: Page) -> None:
    page.get_by_role("tab", name="first").click()
    expect(page.locator("#as-it-is")).to_contain_text(
        "In an app, which inserts HTML without its scripts: show figure.iframe()"
    )
