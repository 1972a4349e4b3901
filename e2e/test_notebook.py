"""A notebook with five figures: run in JupyterLab, saved, opened again, exported by nbconvert. All draw, each time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect

from e2e.conftest import Opener, new_context
from e2e.jupyter import TOKEN, jupyter_lab, write_notebook
from e2e.pages import cell_centre
from e2e.reading import wait_mounted

# All tests of this file run in one worker of pytest-xdist, so that they share one JupyterLab.
pytestmark = pytest.mark.xdist_group("notebook")

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


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("lab") / "files"
    made.mkdir()
    write_notebook(made / "five.ipynb", CELLS)
    return made


@pytest.fixture(scope="module")
def saved(browser: Browser, folder: Path) -> Path:
    """The notebook after it was run in JupyterLab, checked, saved, opened again, and checked again."""
    messages: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "circuitsvis" in message.text.lower() or "svelte" in message.text.lower():
            messages.append(message.text)

    with jupyter_lab(folder) as address:
        context = new_context(browser, viewport={"width": 1300, "height": 900})
        context.route(lambda url: not url.startswith(address), lambda route: route.abort())
        page = context.new_page()
        page.on("console", listen)
        page.goto(f"{address}/lab/tree/five.ipynb?token={TOKEN}")
        expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
        page.locator(".jp-Notebook").click()
        page.get_by_role("menuitem", name="Run", exact=True).click()
        page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
        all_draw(page)
        a_value_is_shown(page)
        page.locator(".jp-Cell .jp-InputPrompt").first.click()
        with page.expect_response(_saves_the_notebook) as response:
            page.keyboard.press("Control+s")
        assert response.value.ok
        page.goto(f"{address}/lab/tree/five.ipynb?token={TOKEN}&reset")
        all_draw(page)
        a_value_is_shown(page)
        context.close()
    assert messages == []
    return folder / "five.ipynb"


def _saves_the_notebook(response: Response) -> bool:
    return response.request.method == "PUT" and "/api/contents/five.ipynb" in response.url


def test_figures_draw_in_jupyterlab_when_run_and_when_opened_again(saved: Path) -> None:
    outputs = [output for cell in nbformat.read(saved, as_version=4).cells for output in cell.outputs]
    assert len(outputs) == len(TITLES)
    assert all("text/html" in output.data for output in outputs)


def test_the_plain_text_of_an_output_says_what_it_is(saved: Path) -> None:
    output = nbformat.read(saved, as_version=4).cells[0].outputs[0]
    first, *more = output.data["text/plain"].splitlines()
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


def test_what_nbconvert_sanitizes_tells_the_reader_what_to_do(saved: Path, open_page: Opener) -> None:
    page_html = exported(saved, sanitize_html=True)
    page = open_page(page_html)
    expect(page.get_by_text("needs its script to run").first).to_be_visible()
