"""Live figures in JupyterLab and Notebook 7, with real kernels: heads arrive when they are looked at; if none can, the page says why."""

from __future__ import annotations

import re
from collections.abc import Iterator

import nbformat
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from e2e.pages import cell_centre
from tests.hosts.front_ends import LAB, NOTEBOOK_7, FrontEnd
from tests.hosts.jupyter_server import JupyterServer, write_notebook

pytestmark = pytest.mark.xdist_group("jupyter")

N_HEADS = 30
SETUP = f"""
import numpy as np
import circuitsvis as cv

tokens = [f"t{{i}}" for i in range(40)]
values = np.tril(np.random.default_rng(0).random((2, {N_HEADS}, 40, 40)) + 1).astype(np.float32)
values /= values.sum(-1, keepdims=True)
for sequence in range(2):
    for head in range({N_HEADS}):
        values[sequence, head, 39, 0] = (1 + head + {N_HEADS} * sequence) / 100
"""
SHOW = 'cv.attention.from_values(values, [tokens, tokens], live=True, max_value=1, batch_labels=["one", "two"], mode="large")'


def value_of(head: int, sequence: int = 0) -> str:
    """The value that a head has at destination 39, source 0."""
    return f"{(1 + head + N_HEADS * sequence) / 100:.2f}"


@pytest.fixture(params=[LAB, NOTEBOOK_7], ids=str)
def front_end(request: pytest.FixtureRequest) -> FrontEnd:
    found: FrontEnd = request.param
    return found


@pytest.fixture
def page(front_end: FrontEnd, browser: Browser, jupyter: JupyterServer) -> Iterator[Page]:
    name = f"live {front_end}.ipynb".replace(" ", "-")
    write_notebook(jupyter.folder / name, [SETUP, SHOW])
    opened = front_end.open(browser, jupyter, name)
    front_end.run(opened)
    expect(opened.locator("section.figure")).to_have_count(1)
    yield opened
    opened.context.close()


def choose(page: Page, head: int) -> Locator:
    """Pins a head, and returns the figure."""
    figure = page.locator("section.figure")
    figure.get_by_role("button", name=re.compile(rf"^Head {head}\b")).click()
    return figure


def expect_value(page: Page, head: int, sequence: int = 0) -> None:
    """The value of a cell of the head that is chosen, from its data, not from its preview."""
    figure = page.locator("section.figure")
    area = figure.get_by_test_id("heatmap")
    area.scroll_into_view_if_needed()
    area.hover(position=cell_centre(area, 39, 0, 40, 40))
    expect(figure.get_by_test_id("status")).to_contain_text(f"Head {head}")
    expect(figure.get_by_test_id("status")).to_contain_text(value_of(head, sequence))


def kernel(page: Page, action: str) -> None:
    page.evaluate(f"() => jupyterapp.shell.currentWidget.sessionContext.{action}")


def test_heads_arrive_when_they_are_looked_at_and_after_the_notebook_was_loaded_again(
    front_end: FrontEnd, page: Page, jupyter: JupyterServer
) -> None:
    choose(page, 17)
    expect_value(page, 17)
    page.locator("section.figure").get_by_role("combobox", name="Sequence").click()
    page.locator("section.figure").get_by_role("option", name="two").click()
    expect(page.locator("section.figure").get_by_role("combobox", name="Sequence: two")).to_be_visible()
    choose(page, 21)
    expect_value(page, 21, 1)
    front_end.save_file(page)
    name = f"live {front_end}.ipynb".replace(" ", "-")
    outputs = [output for cell in nbformat.read(jupyter.folder / name, as_version=4).cells for output in cell.outputs]
    assert len(outputs) == 1 and "application/vnd.jupyter.widget-view+json" not in outputs[0].data
    front_end.go(page, jupyter, name)
    choose(page, 5)
    expect_value(page, 5)


def test_when_the_kernel_is_gone_the_page_says_so_and_a_new_run_of_the_cell_shows_heads_again(
    front_end: FrontEnd, page: Page
) -> None:
    choose(page, 3)
    expect_value(page, 3)
    kernel(page, "session.kernel.restart()")
    page.wait_for_function(front_end.ready)
    figure = choose(page, 11)
    expect(figure.get_by_role("alert")).to_contain_text("Head 11 was not reached: no kernel answers", timeout=10_000)
    expect(figure.get_by_role("button", name="Try again")).to_be_visible()
    choose(page, 3)
    expect_value(page, 3)  # what has arrived stays
    front_end.run(page)
    expect(page.locator("section.figure [role=alert]")).to_have_count(0, timeout=20_000)
    choose(page, 11)
    expect_value(page, 11)


def test_while_the_kernel_works_heads_arrive_at_last(front_end: FrontEnd, page: Page) -> None:
    session = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    page.evaluate(f"() => void {session}.requestExecute({{ code: 'import time; time.sleep(3)' }})")
    choose(page, 8)
    expect_value(page, 8)


def test_two_tabs_with_one_kernel_are_both_live(
    front_end: FrontEnd, page: Page, browser: Browser, jupyter: JupyterServer
) -> None:
    front_end.save_file(page)
    other = front_end.open(browser, jupyter, f"live {front_end}.ipynb".replace(" ", "-"))
    for tab, head in ((other, 4), (page, 6), (other, 7)):
        choose(tab, head)
        expect_value(tab, head)
    other.context.close()


def test_values_that_changed_are_not_drawn(page: Page) -> None:
    session = "jupyterapp.shell.currentWidget.sessionContext.session.kernel"
    page.evaluate(f"() => {session}.requestExecute({{ code: 'values[0, 9] *= 0.5' }}).done")
    figure = choose(page, 9)
    expect(figure.get_by_role("alert")).to_contain_text("attention: Head 9: its values were changed")


def test_a_model_of_1024_heads_on_four_texts_of_1024_tokens_is_a_small_output_whose_heads_arrive(
    browser: Browser, jupyter: JupyterServer
) -> None:
    cells = [
        """
import numpy as np
import circuitsvis as cv

few = np.tril(np.random.default_rng(0).random((8, 1024, 1024), dtype=np.float32))
few /= few.sum(-1, keepdims=True)
few[:, 1023, 0] = np.arange(1, 9) / 10
cache = {f"blocks.{layer}.attn.hook_pattern": np.broadcast_to(few, (4, 8, 1024, 1024)) for layer in range(128)}
tokens = [f"t{i}" for i in range(1024)]
""",
        "cv.attention.from_cache(cache, [tokens] * 4, live=True)",
    ]
    write_notebook(jupyter.folder / "many.ipynb", cells)
    page = LAB.open(browser, jupyter, "many.ipynb")
    LAB.run(page)
    figure = page.locator("section.figure")
    figure.locator(".heads").scroll_into_view_if_needed(timeout=120_000)
    figure.get_by_role("button", name=re.compile(r"^Head 2\.6\b")).click()
    area = figure.get_by_test_id("overview")
    area.scroll_into_view_if_needed()
    size = area.bounding_box()
    assert size is not None
    area.hover(position={"x": 1, "y": size["height"] - 1})
    expect(figure.get_by_test_id("status")).to_contain_text(re.compile(r"Head 2\.6, destination 102\d "))
    LAB.save_file(page)
    assert (jupyter.folder / "many.ipynb").stat().st_size < 3_000_000
    page.context.close()
