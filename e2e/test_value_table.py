"""The values of a picture as a table for screen readers, which equals the data and is bounded."""

from __future__ import annotations

import re

import circuitsvis as cv
import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Page, expect

from e2e.axe import violations
from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import open_fixture
from e2e.reading import values

Array = npt.NDArray[np.float64]


def patterns(heads: int, n: int) -> Array:
    """Causal patterns whose rows add up to 1; the values of a cell differ from head to head."""
    weights = np.tril(np.random.default_rng(heads + n).random((heads, n, n)) + 0.01)
    result: Array = weights / weights.sum(-1, keepdims=True)
    return result


def opened(open_page: Opener, attention: Array, mode: str) -> Page:
    tokens = [f" t{i}" for i in range(attention.shape[-1])]
    page = open_page(cv.attention.from_values(attention, tokens, mode=mode).data)  # type: ignore[call-overload]
    wait_idle(page)
    page.get_by_test_id("table-button").press("Enter")
    expect(page.get_by_test_id("table-button")).to_have_attribute("aria-expanded", "true")
    return page


def cells(page: Page) -> list[list[str]]:
    """The texts of the table, row by row, without its header cells."""
    wait_idle(page)
    rows: list[list[str]] = page.get_by_test_id("value-table").evaluate(
        "table => [...table.tBodies[0].rows].map((row) => [...row.cells].slice(1).map((cell) => cell.textContent))"
    )
    return rows


def number(text: str) -> float:
    return 0.0 if text == "masked" else float(text.split(",")[0])


@pytest.mark.parametrize("mode", ["small", "large", "lines"])
def test_the_table_holds_the_head_that_is_shown(mode: str, open_page: Opener) -> None:
    attention = patterns(3, 9)
    page = opened(open_page, attention, mode)
    if mode == "lines":
        page.get_by_test_id("head-select").select_option(index=1)
    else:
        page.get_by_test_id("head").nth(1).click()
    page.mouse.move(0, 0)
    table = page.get_by_test_id("value-table")
    expect(table.locator("caption")).to_have_text("Head 1. Rows are destinations, columns are sources.")
    shown = np.array([[number(text) for text in row] for row in cells(page)])
    np.testing.assert_allclose(shown, attention[1], atol=6e-5)
    assert table.locator("thead th").all_text_contents() == ["Destination", *(f"{i} ·t{i}" for i in range(9))]
    assert table.locator("tbody th").all_text_contents() == [f"{i} ·t{i}" for i in range(9)]
    assert violations(page) == []


def test_the_table_of_all_heads_holds_the_strongest_of_each_cell(open_page: Opener) -> None:
    attention = patterns(3, 9)
    page = opened(open_page, attention, "small")
    for dest, row in enumerate(cells(page)):
        for src, text in enumerate(row[: dest + 1]):
            best = max(range(3), key=lambda head: attention[head, dest, src])
            assert re.fullmatch(rf"\d\.\d+, Head {best}", text)
            assert abs(number(text) - attention[best, dest, src]) < 6e-5


def test_the_table_of_several_heads_of_lines_holds_the_strongest_of_each_cell(open_page: Opener) -> None:
    attention = patterns(3, 9)
    page = opened(open_page, attention, "lines")
    page.get_by_test_id("head-mode").get_by_text("Several heads").click()
    page.get_by_test_id("head-chip").nth(0).wait_for()
    expect(page.get_by_test_id("heads-all")).to_be_disabled()  # all are on
    page.get_by_test_id("table-button").press("Enter")
    for dest, row in enumerate(cells(page)):
        for src, text in enumerate(row[: dest + 1]):
            best = max(range(3), key=lambda head: attention[head, dest, src])
            assert text.endswith(f", Head {best}") and abs(number(text) - attention[best, dest, src]) < 6e-5


@pytest.mark.parametrize("mode", ["large", "lines"])
def test_of_a_long_text_the_strongest_sources_are_listed_and_all_of_a_destination_that_is_pinned(
    mode: str, open_page: Opener
) -> None:
    n = 60
    attention = patterns(1, n)
    page = opened(open_page, attention, mode)
    listed = cells(page)
    assert len(listed) == n
    for dest in range(n):
        largest = sorted(attention[0, dest, : dest + 1], reverse=True)[:5]
        assert [float(text.split(": ")[1]) for text in listed[dest]] == pytest.approx(largest, abs=6e-5)
        for text in listed[dest]:
            found = re.fullmatch(r"(\d+) ·t\1: (\S+)", text)
            assert found is not None
            assert float(found[2]) == pytest.approx(attention[0, dest, int(found[1])], abs=6e-5)
    if mode == "lines":
        page.get_by_test_id("lines").focus()
        for key in ("Home", "ArrowDown", "ArrowDown", "Enter"):
            page.keyboard.press(key)
    else:
        page.get_by_test_id("token-strip").get_by_role("button").nth(2).click()
    expect(page.get_by_test_id("value-table").locator("caption")).to_contain_text("All sources of destination 2 ·t2;")
    assert [number(text) for (text,) in cells(page)] == pytest.approx(attention[0, 2], abs=6e-5)


def test_the_table_of_an_attribution_holds_the_values_of_its_picture(open_page: Opener) -> None:
    page = open_fixture(open_page, "attribution-small")
    page.get_by_test_id("head").nth(3).click()
    page.mouse.move(0, 0)
    expected = values(page, "heatmap", 16, 16)
    page.get_by_test_id("table-button").click()
    shown = [[np.nan if text == "masked" else float(text) for text in row] for row in cells(page)]
    np.testing.assert_array_equal(shown, expected)
    page.get_by_test_id("components").locator("[data-component]").filter(has_text="MLP 2").click()
    page.mouse.move(0, 0)
    assert [len(row) for row in cells(page)] == [1] * 16
