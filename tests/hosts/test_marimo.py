"""Figures in marimo: as an app (run), in the editor, opened again there, and in exported HTML."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from e2e.conftest import new_context
from e2e.frame_page import expect_theme
from tests.hosts.app_server import app_server, environment_of, open_app
from tests.hosts.environment import PYTHON
from tests.hosts.frames import expect_drawn, wait_as_high_as_its_page
from tests.hosts.marimo_notebook import FIGURES, write_notebook

pytestmark = pytest.mark.xdist_group("apps")

MARIMO = ["-m", "marimo"]
SERVE = ["notebook.py", "--headless", "--no-token", "--host=127.0.0.1"]


def all_draw(page: Page, theme: str) -> None:
    frames = page.locator("iframe")
    expect(frames).to_have_count(FIGURES)
    for i in range(FIGURES):
        section = frames.nth(i).content_frame.locator("section.figure")
        expect_drawn(section)
        expect_theme(section, theme)
        wait_as_high_as_its_page(section)


@pytest.fixture(scope="module", params=["run", "edit"])
def served(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Where marimo serves the notebook, as an app and for editing, and from which folder."""
    folder = tmp_path_factory.mktemp("marimo")
    write_notebook(folder, run=True)
    with app_server([*MARIMO, request.param, *SERVE], folder) as address:
        yield address, folder


def test_figures_have_marimos_theme_also_when_it_changes_and_are_as_high_as_they_are(
    served: tuple[str, Path], browser: Browser
) -> None:
    page = open_app(browser, served[0], color_scheme="dark")
    all_draw(page, "dark")
    page.emulate_media(color_scheme="light")
    all_draw(page, "light")
    page.context.close()


def test_a_notebook_that_is_opened_again_shows_stills_and_a_sentence_until_a_cell_runs(
    browser: Browser, tmp_path: Path
) -> None:
    write_notebook(tmp_path, run=False)
    export = [str(PYTHON), *MARIMO, "export", "session", "notebook.py"]
    subprocess.run(export, cwd=tmp_path, env=environment_of(tmp_path), check=True, capture_output=True)
    with app_server([*MARIMO, "edit", *SERVE], tmp_path) as address:
        page = open_app(browser, address, color_scheme="dark")
        stills = page.get_by_text("removed the frame in which this circuitsvis figure is live")
        expect(stills).to_have_count(FIGURES)
        expect(page.locator("[data-circuitsvis-frame] img")).to_have_count(FIGURES)
        page.context.close()


STATIC = "import marimo, pathlib; print(pathlib.Path(marimo.__file__).parent / '_static')"
ASSETS = re.compile(r"https://[^/]+/npm/@marimo-team/frontend@[^/]+/dist/(?P<file>[^?]+)")


def serve_assets(page: Page) -> None:
    """Answers what exported HTML loads from the network, marimo's own scripts, from where marimo is installed."""
    static = Path(subprocess.check_output([str(PYTHON), "-c", STATIC], text=True).strip())

    def answer(route: Route) -> None:
        found = ASSETS.fullmatch(route.request.url)
        if found is None:
            route.abort()
        else:
            route.fulfill(path=static / found["file"], headers={"access-control-allow-origin": "*"})

    page.route(lambda url: url.startswith("http"), answer)


def test_exported_html_draws(browser: Browser, tmp_path: Path) -> None:
    notebook = write_notebook(tmp_path, run=True)
    export = [str(PYTHON), *MARIMO, "export", "html", notebook.name, "-o", "out.html"]
    subprocess.run(export, cwd=tmp_path, env=environment_of(tmp_path), check=True, capture_output=True)
    page = new_context(browser, color_scheme="dark").new_page()
    serve_assets(page)
    page.goto((tmp_path / "out.html").as_uri())
    all_draw(page, "dark")
    page.context.close()
