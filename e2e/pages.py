"""Pages with fixtures, and what interaction tests read from them: pictures, texts, positions, the focus."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._page import html_page
from playwright.sync_api import Locator, Page, Position

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.reading import wait_drawn
from scripts.fixtures.files import fixture_file

_FOCUSED = """() => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  const { testid, index } = element.dataset;
  const part = testid ?? element.closest("[data-testid]")?.dataset.testid ?? element.tagName.toLowerCase();
  return index === undefined ? part : `${part} ${index}`;
}"""


def fixture_page(*names: str, before: str = "", after: str = "") -> str:
    """A document with these fixtures one below the other, and other HTML before and after them."""
    return json_page([fixture_file(name).read_text(encoding="ascii") for name in names], before=before, after=after)


def json_page(texts: Sequence[str], *, before: str = "", after: str = "") -> str:
    """A document with the figures of these JSON texts one below the other, and other HTML before and after them."""
    wrappers = [piece for text in texts for piece in html_page.wrapper([text])]
    return "".join(html_page.document([before, *wrappers, after]))


def open_fixture(open_page: Opener, name: str, **options: object) -> Page:
    """The page of a fixture, once it is drawn."""
    page = open_page(fixture_page(name), **options)
    wait_drawn(page)
    return page


def settled(page: Page, testid: str) -> str:
    """The large picture as a data URL, once the page is idle: only then has full data replaced the preview."""
    wait_idle(page)
    picture: str = page.get_by_test_id(testid).locator("canvas").evaluate("canvas => canvas.toDataURL()")
    return picture


def text(page: Page, testid: str) -> str:
    return (page.get_by_test_id(testid).text_content() or "").strip()


def cell_centre(area: Locator, dest: int, src: int, rows: int, cols: int) -> Position:
    """The position of a cell's center in its heatmap, for a Playwright action."""
    box = area.bounding_box()
    assert box is not None
    return Position(x=(src + 0.5) * box["width"] / cols, y=(dest + 0.5) * box["height"] / rows)


def focused(page: Page) -> str:
    """The test id of the focused element or of what contains it, with an index if it is one of many."""
    test_id: str = page.evaluate(_FOCUSED)
    return test_id


def leave(page: Page) -> None:
    """Moves the mouse off the figure."""
    page.mouse.move(2, 2)
