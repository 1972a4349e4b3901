"""Figures in JupyterLab, Notebook 7 and nbclassic: when run, when opened again, and in what nbconvert exports."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from e2e.conftest import Opener
from e2e.pages import cell_centre
from e2e.reading import wait_mounted
from tests.hosts.front_ends import FRONT_ENDS, LAB, FrontEnd
from tests.hosts.jupyter_server import JupyterServer, write_notebook

# All tests of Jupyter run in one worker of pytest-xdist, so that they share one server.
pytestmark = pytest.mark.xdist_group("jupyter")

CELLS = [
    """
import circuitsvis as cv
import numpy as np

pattern = np.tril(np.random.default_rng(0).random((2, 3, 4, 4)))
tokens = ["<|endoftext|>", "The", " cat", "</script>"]
cv.attention.from_values(pattern[0], tokens, title="figure 1")
""",
    'cv.attention.from_values(pattern[0], tokens, mode="large", title="figure 2")',
    """
cv.attention.from_values(pattern, [tokens, tokens[::-1]], batch_labels=["<b>one</b>", "two"], title="figure 3",
                         return_mode="view")
""",
    """
cache = {f"blocks.{layer}.attn.hook_pattern": pattern for layer in range(2)}
cv.attention.from_cache(cache, [tokens, tokens], title="figure 4", mode="large", radioitems=True)
""",
    """
from IPython.display import display
figure = cv.attention.from_values(pattern[1], tokens, title="figure 5")
display(figure)
figure
""",
]
TITLES = ["figure 1", "figure 2", "figure 3", "figure 4", "figure 5", "figure 5"]


def all_draw(page: Page) -> None:
    """Each figure in turn, because notebooks may remove from the document what is out of view."""
    figures = page.locator("section.figure")
    for i, title in enumerate(TITLES):
        figure = figures.nth(i)
        figure.scroll_into_view_if_needed()
        assert figure.locator("h2").text_content() == title
    wait_mounted(page, len(TITLES))


def a_value_is_shown(page: Page) -> None:
    """Checks that hovering works inside the layout and scrolling of the host."""
    area = page.locator("section.figure").nth(1).locator("[data-testid=heatmap]")
    area.scroll_into_view_if_needed()
    area.hover(position=cell_centre(area, 2, 1, 4, 4))
    expect(page.locator("section.figure").nth(1).get_by_test_id("status")).to_contain_text("destination 2 ·cat")


def run_and_saved(front_end: FrontEnd, browser: Browser, server: JupyterServer) -> Path:
    """The notebook after it was run in a front end, checked, saved, opened again, and checked again."""
    messages: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "circuitsvis" in message.text.lower() or "svelte" in message.text.lower():
            messages.append(message.text)

    name = f"{front_end.name}.ipynb".replace(" ", "-")
    write_notebook(server.folder / name, CELLS)
    page = front_end.open(browser, server, name)
    page.on("console", listen)
    front_end.run(page)
    all_draw(page)
    a_value_is_shown(page)
    front_end.save_file(page)
    front_end.go(page, server, name)
    all_draw(page)
    a_value_is_shown(page)
    page.context.close()
    assert messages == []
    return server.folder / name


@pytest.fixture(scope="module")
def saved(browser: Browser, jupyter: JupyterServer) -> Path:
    """The notebook as JupyterLab saves it."""
    return run_and_saved(LAB, browser, jupyter)


@pytest.mark.parametrize("front_end", FRONT_ENDS[1:], ids=str)
def test_figures_draw_when_run_and_when_opened_again(
    front_end: FrontEnd, browser: Browser, jupyter: JupyterServer
) -> None:
    outputs = outputs_of(run_and_saved(front_end, browser, jupyter))
    assert len(outputs) == len(TITLES)


def test_figures_draw_in_jupyterlab_when_run_and_when_opened_again(saved: Path) -> None:
    assert len(outputs_of(saved)) == len(TITLES)
    assert all("text/html" in output.data for output in outputs_of(saved))


def outputs_of(notebook: Path) -> list[Any]:
    return [output for cell in nbformat.read(notebook, as_version=4).cells for output in cell.outputs]


def test_the_plain_text_of_an_output_says_what_it_is(saved: Path) -> None:
    first, *more = outputs_of(saved)[0].data["text/plain"].splitlines()
    assert first == "<circuitsvis AttentionPatterns: 3 heads, 1 sequence>"
    assert any("4 destination tokens" in line for line in more)


def exported(notebook: Path, **options: Any) -> str:
    """The page of nbconvert, without the scripts that it loads from the network, which figures do not need."""
    exporter = HTMLExporter(**options)
    for name in ("mathjax_url", "require_js_url", "jquery_url"):
        setattr(exporter, name, "data:text/javascript,")
    for name in ("mermaid_js_url", "mermaid_layout_elk_js_url"):
        setattr(exporter, name, "data:text/javascript,export default { initialize() {}, registerLayoutLoaders() {} }")
    html: str = exporter.from_filename(str(notebook))[0]
    return html


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_figures_draw_in_what_nbconvert_exports(template: str, saved: Path, open_page: Opener) -> None:
    page_html = exported(saved, template_name=template)
    page = open_page(page_html)
    all_draw(page)
    a_value_is_shown(page)


def test_what_nbconvert_sanitizes_tells_the_reader_what_to_do_and_shows_no_data(saved: Path, open_page: Opener) -> None:
    page = open_page(exported(saved, sanitize_html=True))
    expect(page.get_by_text("needs its script to run").first).to_be_visible()
    # Each still is there as the text of its tag, and each script of a figure.
    words = re.sub(r"<img [^>]*>", "", page.locator("body").inner_text())
    assert max(map(len, words.split())) < 2500
    assert len(words) < 4000 * len(TITLES)
