"""Keys while the focus is in a figure: the figure has them, no letter changes the notebook, and the host's shortcuts go on working."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.pages import cell_centre
from e2e.reading import wait_mounted
from tests.hosts.front_ends import FRONT_ENDS, NBCLASSIC, FrontEnd, saves_a_notebook
from tests.hosts.jupyter_server import JupyterServer, write_notebook

pytestmark = pytest.mark.xdist_group("jupyter")

CELLS = [
    "import circuitsvis as cv\nimport numpy as np\n"
    "cv.attention.from_values(np.tril(np.random.default_rng(0).random((1, 4, 4))), list('abcd'), mode='large')",
    "'a cell to delete'",
    "'a cell to merge with'",
]

# What deletes, adds, cuts, pastes, merges, retypes, undoes, numbers lines, interrupts or restarts in command mode, and what
# moves between cells or edits one. At the end a column of the figure is chosen by its own keys.
TYPED = [
    *"abxcvzmyrlhpo1dd",
    "i",
    "i",
    "0",
    "0",
    "Shift+M",
    "Shift+V",
    "Shift+L",
    "ArrowDown",
    "ArrowUp",
    "j",
    "k",
    "Space",
]
ARRIVE = [key.removeprefix("Shift+").replace("Space", " ") for key in TYPED]
KINDS = "() => [...document.querySelectorAll('.jp-Cell, .cell')].map((cell) => cell.className.match(/jp-\\w+Cell|\\w+_cell/)[0])"
LISTEN = """(area) => {
  const root = area.getRootNode();
  root.typed = [];
  root.addEventListener("keydown", ({ key }) => root.typed.push(key));
}"""


class Opened:
    """A notebook of three cells in a front end, after it was run."""

    def __init__(self, front_end: FrontEnd, page: Page) -> None:
        self.front_end = front_end
        self.page = page

    def focus(self) -> Locator:
        """Clicks a cell of the picture, which has the focus then, and gives the picture."""
        wait_mounted(self.page, 1)
        area = self.page.locator("[data-testid=heatmap]")
        area.scroll_into_view_if_needed()
        area.click(position=cell_centre(area, 2, 1, 4, 4))
        expect(area).to_be_focused()
        return area

    def status(self) -> Locator:
        return self.page.get_by_test_id("status")

    def executed(self) -> int:
        """How often cells were executed, as the first cell says."""
        return int(self.page.evaluate(f"() => {self.front_end.count}"))


@pytest.fixture(scope="module", params=FRONT_ENDS, ids=str)
def opened(request: pytest.FixtureRequest, browser: Browser, jupyter: JupyterServer) -> Iterator[Opened]:
    front_end: FrontEnd = request.param
    name = f"keys-{front_end.name}.ipynb".replace(" ", "-")
    write_notebook(jupyter.folder / name, CELLS)
    page = front_end.open(browser, jupyter, name)
    front_end.run(page)
    yield Opened(front_end, page)
    page.context.close()


def test_keys_typed_in_a_figure_reach_it_and_change_no_cell(opened: Opened) -> None:
    area = opened.focus()
    kinds = opened.page.evaluate(KINDS)
    area.evaluate(LISTEN)
    for key in TYPED:
        opened.page.keyboard.press(key)
    assert [key for key in area.evaluate("(area) => area.getRootNode().typed") if key != "Shift"] == ARRIVE
    assert opened.front_end.sources(opened.page) == CELLS
    assert opened.page.evaluate(KINDS) == kinds
    assert area.evaluate("(area) => area.getRootNode().activeElement?.dataset.testid") == "heatmap"
    opened.page.keyboard.press("End")
    expect(opened.status()).to_contain_text("source 3 d")


def test_shortcuts_of_the_notebook_work_while_the_focus_is_in_a_figure(opened: Opened) -> None:
    if opened.front_end == NBCLASSIC:
        pytest.skip("nbclassic switches all of its keys off while the focus is in an output")
    page = opened.page
    opened.focus()
    with page.expect_response(saves_a_notebook):
        page.keyboard.press("Control+s")
    page.keyboard.press("Control+Shift+c")
    expect(page.locator(".lm-CommandPalette-input")).to_be_focused()
    page.keyboard.press("Escape")
    for shortcut in ("Control+Enter", "Shift+Enter"):
        opened.focus()
        before = opened.executed()
        page.keyboard.press(shortcut)
        page.wait_for_function(f"{opened.front_end.count} > {before}")
    assert opened.front_end.sources(page) == CELLS
