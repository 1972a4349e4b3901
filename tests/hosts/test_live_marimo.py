"""Live figures in marimo, as an app and in the editor: heads arrive from its kernel."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from e2e.pages import cell_centre
from tests.hosts.app_server import app_server, open_app
from tests.hosts.marimo_notebook import write_notebook
from tests.hosts.test_live import SETUP, SHOW, value_of
from tests.hosts.test_marimo import MARIMO, SERVE

pytestmark = pytest.mark.xdist_group("apps")


@pytest.mark.parametrize("command", ["run", "edit"])
def test_heads_arrive_when_they_are_looked_at(command: str, browser: Browser, tmp_path: Path) -> None:
    write_notebook(tmp_path, run=True, cells=[SETUP, SHOW])
    with app_server([*MARIMO, command, *SERVE], tmp_path) as address:
        page = open_app(browser, address)
        figure = page.locator("iframe").first.content_frame.locator("section.figure")
        figure.get_by_role("button", name=re.compile(r"^Head 17\b")).click()
        area = figure.get_by_test_id("heatmap")
        area.scroll_into_view_if_needed()
        area.hover(position=cell_centre(area, 39, 0, 40, 40))
        expect(figure.get_by_test_id("status")).to_contain_text(value_of(17))
        page.context.close()
