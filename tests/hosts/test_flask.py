"""Figures in Flask: what Jinja makes of a frame, and of a figure that is given as it is."""

from __future__ import annotations

import subprocess
from pathlib import Path

from e2e.conftest import Opener
from e2e.frame_page import expect_theme
from tests.hosts.app_server import environment_of
from tests.hosts.environment import PYTHON
from tests.hosts.frames import expect_drawn, wait_as_high_as_its_page
from tests.hosts.recipes import app

GET = """
with open("page.html", "w", encoding="utf-8") as file:
    file.write(app.test_client().get("/").text)
"""


def test_the_recipe_draws_in_the_theme_of_the_page_as_high_as_the_figure(tmp_path: Path, open_page: Opener) -> None:
    (tmp_path / "home").mkdir()
    style = "<style>body{background:#123;color:#fff}</style><h1>Heads</h1>"
    code = app("Flask").replace("<h1>Heads</h1>", style)
    (tmp_path / "app.py").write_text(code + GET, encoding="utf-8")
    subprocess.run([str(PYTHON), "app.py"], cwd=tmp_path, env=environment_of(tmp_path), check=True)
    page = open_page(tmp_path / "page.html")
    figure = page.frame_locator("iframe").locator("section.figure")
    expect_drawn(figure)
    expect_theme(figure, "dark")
    wait_as_high_as_its_page(figure)
