"""Notebooks with figures that are opened and not run, in Jupyter's three front ends: trusted ones, and those of someone else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.reading import wait_mounted
from tests.hosts.front_ends import FRONT_ENDS, NBCLASSIC, FrontEnd
from tests.hosts.jupyter_server import JupyterServer
from tests.hosts.saved_notebooks import model_figure, notebook_of, small_figure, write

pytestmark = pytest.mark.xdist_group("jupyter")

LAPTOP = {"width": 1280, "height": 720}

# Waits until no box between a figure and its cell cuts it or scrolls it. Raises with the box if one does.
FITS = """async (figure) => {
  const tooSmall = (box) => box.scrollWidth > box.clientWidth + 1 || box.scrollHeight > box.clientHeight + 1;
  const cut = () => {
    for (let box = figure.getRootNode().host; !box.matches(".jp-Cell, .cell"); box = box.parentElement)
      if (tooSmall(box) && getComputedStyle(box).overflow !== "visible") return box;
  };
  const end = performance.now() + 60_000;
  while (cut() && performance.now() < end) await new Promise(requestAnimationFrame);
  if (cut()) throw new Error(cut().outerHTML.slice(0, 200));
}"""


def opened(front_end: FrontEnd, browser: Browser, server: JupyterServer, *, trusted: bool) -> Page:
    """A page with a small figure and one of 144 heads of 60 tokens, from a notebook that is not run."""
    name = f"{'own' if trusted else 'foreign'}-{front_end.name}.ipynb".replace(" ", "-")
    write(server, name, notebook_of(model_figure("small"), small_figure()), trusted=trusted)
    return front_end.open(browser, server, name, viewport=LAPTOP)


# The corners of an element that something else is at: the edge of the window, or a bar of the notebook.
_HIDDEN_CORNERS = """(element) => {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const at = (x, y) => {
    const found = document.elementFromPoint(x, y);
    return found?.shadowRoot?.elementFromPoint(x, y) ?? found;
  };
  const seen = ([x, y]) => element.contains(at(x, y)) || at(x, y)?.contains(element);
  const [l, t, r, b] = [left + 2, top + 2, right - 2, bottom - 2];
  return [[l, t], [r, t], [l, b], [r, b]].filter((corner) => !seen(corner));
}"""


@pytest.fixture(scope="module", params=FRONT_ENDS, ids=str)
def own(request: pytest.FixtureRequest, browser: Browser, jupyter: JupyterServer) -> Iterator[tuple[FrontEnd, Page]]:
    page = opened(request.param, browser, jupyter, trusted=True)
    yield request.param, page
    page.context.close()


def outside(page: Page, *parts: Locator) -> list[str]:
    """What of these parts is not in the window, or covered by the notebook's bars."""
    return [f"{part}: {corners}" for part in parts if (corners := part.evaluate(_HIDDEN_CORNERS))]


def test_an_own_notebook_draws_its_figures_without_running_them(own: tuple[FrontEnd, Page]) -> None:
    front_end, page = own
    wait_mounted(page, 2)
    assert page.locator("[data-testid=overview]").count() == 2
    assert page.locator("img[src^='data:image/png']:visible").count() == 0
    assert page.get_by_text("needs its script to run").locator("visible=true").count() == 0
    assert front_end.sources(page) == ["figures[0]", "figures[1]", "'the last cell'"]


def test_picture_and_last_head_of_144_are_in_sight_together(own: tuple[FrontEnd, Page]) -> None:
    _, page = own
    wait_mounted(page, 2)
    figure = page.locator("section.figure").first
    heads, picture = figure.get_by_test_id("head"), figure.get_by_test_id("overview")
    # nbclassic measures its header too early, and leaves the bottom of the window empty until the window is resized
    page.evaluate("window.dispatchEvent(new Event('resize'))")
    figure.evaluate("(element) => element.scrollIntoView({ block: 'start' })")
    heads.nth(143).hover()
    expect(figure.get_by_test_id("head-status")).to_contain_text("Head 11.11 ")
    assert outside(page, picture, heads.first, heads.nth(143)) == []


def test_a_figure_has_the_height_and_the_width_that_it_needs(own: tuple[FrontEnd, Page]) -> None:
    _, page = own
    wait_mounted(page, 2)
    for width in (1280, 700, 1280):
        page.set_viewport_size({"width": width, "height": 720})
        for figure in page.locator("section.figure").all():
            figure.scroll_into_view_if_needed()
            figure.evaluate(FITS)


def test_the_theme_follows_the_notebook(own: tuple[FrontEnd, Page]) -> None:
    front_end, page = own
    if front_end == NBCLASSIC:
        pytest.skip("nbclassic has one theme")
    wait_mounted(page, 2)
    for theme, name in (
        ("JupyterLab Dark", "dark"),
        ("JupyterLab Dark High Contrast", "dark"),
        ("JupyterLab Light", "light"),
    ):
        page.evaluate("theme => jupyterapp.commands.execute('apputils:change-theme', { theme })", theme)
        expect(page.locator(f"section.figure.{name}")).to_have_count(2)


@pytest.mark.parametrize("front_end", FRONT_ENDS, ids=str)
def test_a_foreign_notebook_shows_stills_and_says_how_to_see_them_live(
    front_end: FrontEnd, browser: Browser, jupyter: JupyterServer
) -> None:
    page = opened(front_end, browser, jupyter, trusted=False)
    told = page.get_by_text("trust the notebook")
    stills = page.locator("img[alt][src^='data:image/png']")
    expect(stills).to_have_count(2)
    expect(told).to_have_count(2)
    for i in range(2):
        stills.nth(i).scroll_into_view_if_needed()
        assert stills.nth(i).evaluate("async (image) => { await image.decode(); return image.naturalWidth; }") > 100
        expect(told.nth(i)).to_be_visible()
    assert page.locator("section.figure").count() == 0
    page.context.close()
