"""Long rectangular patterns: few rows or columns are drawn wide enough to see every cell and point at it."""

from __future__ import annotations

from typing import Literal

import circuitsvis as cv
import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.reading import show_head, wait_drawn
from tests.support.caches import words

Mode = Literal["small", "large"]
LEAST_SIDE, LEAST_CELL = 14, 3
"""Least size in CSS pixels of the short side of a picture, and of a cell along the long side: large enough to point at."""
SIZES = [(1, 629), (629, 1), (8, 1500), (1500, 8)]


def rectangle(rows: int, cols: int) -> npt.NDArray[np.float32]:
    """Two heads of random values between 0 and 1."""
    return np.random.default_rng(0).random((2, rows, cols)).astype(np.float32)


def opened(open_page: Opener, mode: Mode, rows: int, cols: int, width: int) -> Page:
    figure = cv.attention.from_values(
        rectangle(rows, cols),
        dest_tokens=[f"d{i}" for i in range(rows)],
        src_tokens=words(cols),
        mode=mode,
    )
    page = open_page(figure.data, width=width)
    wait_drawn(page)
    return page


def size(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    assert box is not None
    return box["width"], box["height"]


@pytest.mark.parametrize("width", [1200, 420])
@pytest.mark.parametrize("mode", ["small", "large"])
@pytest.mark.parametrize(("rows", "cols"), SIZES)
def test_cells_and_thumbnails_are_large_enough_to_be_seen_and_hit(
    mode: Mode, rows: int, cols: int, width: int, open_page: Opener
) -> None:
    page = opened(open_page, mode, rows, cols, width)
    area = page.get_by_test_id("overview" if mode == "small" else "heatmap")
    across, down = size(area.locator("canvas"))
    assert min(size(area)) >= LEAST_SIDE
    assert across / cols >= LEAST_CELL
    assert down / rows >= LEAST_CELL
    for index in range(2):
        assert min(size(page.get_by_test_id("head").nth(index).locator(".picture"))) >= LEAST_SIDE
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page does not scroll sideways"


@pytest.mark.parametrize("mode", ["small", "large"])
@pytest.mark.parametrize(("rows", "cols"), SIZES)
def test_the_last_cell_is_reached_by_keyboard_scrolled_into_sight_and_read(
    mode: Mode, rows: int, cols: int, open_page: Opener
) -> None:
    page = opened(open_page, mode, rows, cols, 1200)
    show_head(page, 1)
    area = page.get_by_test_id("overview" if mode == "small" else "heatmap")
    area.focus()
    for key in ("PageDown", "End", "End"):  # the first key only shows the cursor
        page.keyboard.press(key)
    page.keyboard.press("PageDown")
    expect(area.locator(".cell")).to_be_in_viewport()
    text = page.get_by_test_id("status").text_content() or ""
    assert float(text.rsplit(": ")[1]) == pytest.approx(float(rectangle(rows, cols)[1, -1, -1]), abs=1e-4)
