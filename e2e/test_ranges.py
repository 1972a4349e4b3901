"""Ranges of destinations and sources added up: the number in words against loops, chosen by mouse and by keyboard."""

from __future__ import annotations

import re
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import cell_centre, text
from e2e.reading import show_head, wait_drawn
from tests.support import reference
from tests.support.caches import cache, model, softmax_patterns, words

N = 8


def opened(open_page: Opener, figure: Any, **options: Any) -> Page:
    page = open_page(figure.data, **options)
    wait_drawn(page)
    return page


def by_loops(shown: reference.Float64, rows: range, cols: range) -> float:
    """The mean over the queries that have any value of the sum over the keys; NaN, which stands for "no value", adds nothing."""
    queries = [q for q in rows if not all(np.isnan(x) for x in shown[q])]
    return sum(float(shown[q, k]) for q in queries for k in cols if not np.isnan(shown[q, k])) / len(queries)


def readout(page: Page) -> float:
    wait_idle(page)
    number = re.search(r": (-?[\d.]+(?:e-\d+)?)\s*(?:Clear range)?$", text(page, "range"))
    assert number is not None, text(page, "range")
    return float(number.group(1))


def select(page: Page, area: Locator, rows: range, cols: range, count: tuple[int, int]) -> None:
    """Chooses two ranges: a click pins the first cell, a click with Shift extends from it to the last."""
    area.click(position=cell_centre(area, rows[0], cols[0], *count))
    area.click(position=cell_centre(area, rows[-1], cols[-1], *count), modifiers=["Shift"])


@pytest.mark.parametrize("mode", ["small", "large"])
@pytest.mark.parametrize(
    ("rows", "cols"), [(range(2, 6), range(1, 4)), (range(8), range(8)), (range(3, 4), range(2, 3))]
)
def test_the_number_is_the_mean_of_sums_in_all_three_types(
    mode: Any, rows: range, cols: range, open_page: Opener
) -> None:
    figure = cv.attention.from_cache(cache(1, 2, n=N), words(N), mode=mode, model=model(1, 2))
    page = opened(open_page, figure)
    show_head(page, 1)
    select(page, page.get_by_test_id("overview" if mode == "small" else "heatmap"), rows, cols, (N, N))
    for kind in ("standard", "value-weighted", "info-weighted"):
        page.get_by_test_id("attention-type").get_by_text(kind.capitalize(), exact=True).click()
        want = by_loops(reference.shown(figure, 0, kind)[1], rows, cols)
        assert readout(page) == pytest.approx(want, abs=6e-4), kind
        if kind == "standard" and len(rows) == N:
            assert readout(page) == pytest.approx(1, abs=1e-3)
    page.get_by_test_id("range-clear").click()
    assert text(page, "range") == ""


def test_missing_values_add_nothing_and_are_named(open_page: Opener) -> None:
    pattern = softmax_patterns((1, N, N), causal=False)
    pattern[0, 2] = np.nan
    pattern[0, 4, 1] = np.nan
    page = opened(open_page, cv.attention.from_values(pattern, words(N), "large"))
    rows, cols = range(1, 6), range(0, 3)
    select(page, page.get_by_test_id("heatmap"), rows, cols, (N, N))
    assert readout(page) == pytest.approx(by_loops(pattern[0].astype(float), rows, cols), abs=6e-4)
    assert "1 query without any value is not counted" in text(page, "range")
    assert "without a value" in text(page, "range")


def test_dragging_along_the_labels_of_either_side_chooses_them(open_page: Opener) -> None:
    pattern = softmax_patterns((1, N, N), causal=False)
    page = opened(open_page, cv.attention.from_values(pattern, words(N), "large"))
    heat = page.get_by_test_id("heatmap").bounding_box()
    assert heat is not None
    step = heat["width"] / N
    for side, at in (("rows", heat["x"] - 10), ("cols", heat["y"] + heat["height"] + 4)):
        start, end = ((heat["y" if side == "rows" else "x"]) + (i + 0.5) * step for i in (1, 4))
        page.mouse.move(*((at, start) if side == "rows" else (start, at)))
        page.mouse.down()
        page.mouse.move(*((at, end) if side == "rows" else (end, at)), steps=4)
        page.mouse.up()
        wait_idle(page)
    assert "4 queries (1 " in text(page, "range")
    assert "4 keys (1 " in text(page, "range")
    assert readout(page) == pytest.approx(by_loops(pattern[0], range(1, 5), range(1, 5)), abs=6e-4)


def test_the_keyboard_alone_chooses_extends_and_clears(open_page: Opener) -> None:
    pattern = softmax_patterns((1, N, N), causal=False)
    page = opened(open_page, cv.attention.from_values(pattern, words(N), "large"))
    page.get_by_test_id("heatmap").focus()
    for key in ("ArrowDown", "ArrowDown", "Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowRight"):
        page.keyboard.press(key)
    wait_idle(page)
    rows = range(1, 4)
    assert "3 queries (1 " in text(page, "range")
    assert "2 keys (0 " in text(page, "range")
    assert readout(page) == pytest.approx(by_loops(pattern[0], rows, range(2)), abs=6e-4)
    clear = page.get_by_test_id("range-clear")
    clear.focus()
    page.keyboard.press("Enter")
    expect(clear).to_have_count(0)


def test_spans_inside_a_range_count_by_their_tokens(open_page: Opener) -> None:
    pattern = softmax_patterns((1, N, N))
    figure = cv.attention.from_values(pattern, words(N), "large", spans={"middle": (2, 5)})
    page = opened(open_page, figure)
    select(page, page.get_by_test_id("heatmap"), range(1, 4), range(0, 3), (6, 6))  # tokens 1..5 and 0..4
    want = by_loops(reference.shown(figure)[0], range(1, 6), range(5))
    assert "5 queries (1 " in text(page, "range")
    assert "5 keys (0 " in text(page, "range")
    assert readout(page) == pytest.approx(want, abs=6e-4)
    page.get_by_test_id("spans").get_by_role("button").click()
    assert readout(page) == pytest.approx(want, abs=6e-4)
