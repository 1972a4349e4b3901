"""Figures in Panel: the recipe, and a figure that is given as it is."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from e2e.frame_page import expect_theme
from tests.hosts.app_server import app_server, open_app
from tests.hosts.frames import expect_drawn, wait_as_high_as_its_page
from tests.hosts.recipes import app

pytestmark = pytest.mark.xdist_group("apps")

MORE = """
pn.pane.HTML(figure, css_classes=["as-it-is"]).servable()
"""


DARK = app("Panel").replace("pn.extension()", 'pn.extension(template="fast", theme="dark")')


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("panel")
    (folder / "light.py").write_text(app("Panel") + MORE, encoding="utf-8")
    (folder / "dark.py").write_text(DARK, encoding="utf-8")
    with app_server(
        ["-m", "panel", "serve", "light.py", "dark.py", "--port=0", "--address=127.0.0.1"], folder
    ) as served:
        yield served


def test_the_recipe_draws_as_high_as_the_figure_and_a_figure_as_it_is_shows_a_sentence(
    address: str, browser: Browser
) -> None:
    page = open_app(browser, f"{address}/light")
    figure = page.frame_locator("iframe").locator("section.figure")
    expect_drawn(figure)
    expect_theme(figure, "light")
    wait_as_high_as_its_page(figure)
    expect(page.locator(".as-it-is")).to_contain_text("In an app: show figure.iframe()")
    page.context.close()


def test_the_theme_is_that_of_panels_template_and_changes_with_it(address: str, browser: Browser) -> None:
    page = open_app(browser, f"{address}/dark")
    figure = page.frame_locator("iframe").locator("section.figure")
    expect_drawn(figure)
    expect_theme(figure, "dark")
    wait_as_high_as_its_page(figure)
    page.locator("fast-switch").click()
    expect_theme(figure, "light")
    page.context.close()
