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


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("panel")
    (folder / "app.py").write_text(app("Panel") + MORE, encoding="utf-8")
    with app_server(["-m", "panel", "serve", "app.py", "--port=0", "--address=127.0.0.1"], folder) as served:
        yield f"{served}/app"


@pytest.mark.parametrize("theme", ["default", "dark"])
def test_the_recipe_draws_in_panels_theme_as_high_as_the_figure(theme: str, address: str, browser: Browser) -> None:
    page = open_app(browser, f"{address}?theme={theme}")
    figure = page.frame_locator("iframe").locator("section.figure")
    expect_drawn(figure)
    expect_theme(figure, "dark" if theme == "dark" else "light")
    wait_as_high_as_its_page(figure)
    expect(page.locator(".as-it-is")).to_contain_text("figure.iframe()")
    page.screenshot(path=f"/tmp/w/apps-x/panel-{theme}.png")
    page.context.close()
