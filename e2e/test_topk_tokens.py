"""topk_tokens in a browser: tokens and values of any page read back, the keyboard, colors, themes, widths, hostile input."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.contrast import unreadable
from e2e.idle import wait_idle, wait_painted
from e2e.pages import fixture_page, focused, text
from e2e.sample_page import choose_range, field, type_into
from scripts.fixtures.attention_data import Array
from scripts.fixtures.tokens import CAT, IOI
from scripts.fixtures.topk_figures import neurons

SAMPLES = [neurons(2, len(IOI), 40, 1), neurons(2, len(CAT), 31, 2)]
"""Of the fixture "topk-tokens-samples", whose k is 4."""

Table = list[list[tuple[str, float]]]

_CELLS = """table => [...table.querySelectorAll("tbody tr:not(.between)")].map((row) =>
  [...row.querySelectorAll("td")].map((cell) =>
    [cell.querySelector(".token")?.innerText ?? "", cell.querySelector(".number")?.innerText ?? "NaN"]))"""

_BACKGROUNDS = """table => [...table.querySelectorAll("tbody tr:not(.between)")].map((row) =>
  [...row.querySelectorAll("td")].map((cell) => getComputedStyle(cell).backgroundColor))"""


def opened(open_page: Opener, figure: cv.Figure | str, **options: Any) -> Page:
    page = open_page(fixture_page(figure) if isinstance(figure, str) else figure.data, **options)
    page.get_by_test_id("topk").wait_for()
    wait_idle(page)
    return page


def table(page: Page) -> Table:
    """Rows of the table from top to bottom: the token, with a dot for a space, and the value of each column."""
    cells: list[list[list[str]]] = page.get_by_test_id("topk").evaluate(_CELLS)
    return [[(token, float(number)) for token, number in row] for row in cells]


def expected(tokens: list[str], values: Array, k: int) -> Table:
    """The same from all values [token, neuron], by sorting."""
    columns = []
    for column in values.T:
        order = sorted(range(len(tokens)), key=lambda i: (-column[i], i))
        columns.append([(tokens[i].replace(" ", "·"), float(column[i])) for i in order[:k] + order[-k:]])
    return [list(row) for row in zip(*columns, strict=True)]


def check(page: Page, tokens: list[str], values: Array, k: int = 4) -> None:
    shown, true = table(page), expected(tokens, values, k)
    assert [[token for token, _ in row] for row in shown] == [[token for token, _ in row] for row in true]
    values_shown, values_true = (np.array([[value for _, value in row] for row in rows]) for rows in (shown, true))
    np.testing.assert_allclose(values_shown, values_true, atol=0.0005 + 2.0**-15 * np.abs(values).max())


def backgrounds(page: Page) -> list[list[str]]:
    colors: list[list[str]] = page.get_by_test_id("topk").evaluate(_BACKGROUNDS)
    return colors


def cell(page: Page, row: int, column: int) -> Locator:
    return page.locator(f"[data-row='{row}'][data-column='{column}']")


def test_the_tokens_of_any_sample_layer_and_neuron_are_those_that_sorting_finds(open_page: Opener) -> None:
    page = opened(open_page, "topk-tokens-samples")
    assert text(page, "page-extent") == "Neuron 0–7 of 40"
    check(page, IOI, SAMPLES[0][0, :, :8])
    type_into(page, "neuron-select", "17")
    check(page, IOI, SAMPLES[0][0, :, 17:25])
    type_into(page, "layer-select", "MLP 1")
    check(page, IOI, SAMPLES[0][1, :, 17:25])
    type_into(page, "sample-select", "the cat")
    check(page, CAT, SAMPLES[1][1, :, 17:25])
    page.get_by_role("button", name="Next page").click()
    assert text(page, "page-extent") == "Neuron 23–30 of 31"
    check(page, CAT, SAMPLES[1][1, :, 23:31])
    expect(page.get_by_role("button", name="Next page")).to_have_attribute("aria-disabled", "true")


def test_fewer_tokens_one_end_and_more_columns(open_page: Opener) -> None:
    page = opened(open_page, "topk-tokens-samples")
    page.get_by_test_id("k-select").select_option("2")
    page.get_by_test_id("page-size").select_option("15")
    wait_idle(page)
    check(page, IOI, SAMPLES[0][0, :, :15], 2)
    both = table(page)
    page.get_by_test_id("ends").get_by_text("bottom", exact=True).click()
    assert table(page) == both[2:]
    page.get_by_test_id("ends").get_by_text("top", exact=True).click()
    assert table(page) == both[:2]


def test_everything_is_reached_by_the_keyboard_alone(open_page: Opener) -> None:
    page = opened(open_page, "topk-tokens-samples")
    seen = []
    for _ in range(24):
        page.keyboard.press("Tab")
        seen.append(focused(page))
        if seen[-1].startswith("topk"):
            break  # in Firefox the next one leaves the page
    wanted = ["sample-select", "layer-select", "neuron-select", "ends", "k-select", "page-size", "color-range", "topk"]
    assert [part for part in dict.fromkeys(seen) if part in wanted] == wanted
    cell(page, 0, 0).focus()
    for key in ("ArrowDown", "End", "ArrowRight"):  # beyond the last column is the next neuron
        page.keyboard.press(key)
    wait_idle(page)
    assert text(page, "page-extent") == "Neuron 1–8 of 40"
    true = sorted(SAMPLES[0][0, :, 8], reverse=True)[1]
    assert float(text(page, "status").split(": ")[1].split(" at ")[0]) == pytest.approx(float(true), abs=1e-3)
    page.keyboard.press("PageDown")
    wait_idle(page)
    assert text(page, "page-extent") == "Neuron 9–16 of 40"
    page.keyboard.press("Enter")
    assert text(page, "status").startswith("Pinned; Esc or click to release. Neuron 16, top 2: ")
    page.keyboard.press("ArrowLeft")  # takes the pin along
    assert text(page, "status").startswith("Pinned; Esc or click to release. Neuron 15, top 2: ")
    page.keyboard.press("Escape")
    assert "Pinned" not in text(page, "status")


def test_a_pinned_cell_shows_the_tokens_around_it(open_page: Opener) -> None:
    page = opened(open_page, "topk-tokens-samples")
    cell(page, 0, 2).click()
    page.mouse.move(2, 2)
    position = int(SAMPLES[0][0, :, 2].argmax())
    tip = page.locator(".tip")
    expect(tip.locator("dd").nth(2)).to_contain_text(f"{position} of 0–{len(IOI) - 1}")
    around = "".join(IOI[max(position - 6, 0) : position + 7]).replace(" ", "·")
    assert tip.locator("p").inner_text().replace("\n", "").strip("…") == around
    page.get_by_test_id("neuron-select").get_by_label("Next: Neuron").click()
    expect(tip).to_have_count(0)  # its cell is another neuron's now
    assert cell(page, 0, 1).get_attribute("aria-selected") == "false"


def test_the_color_range_is_of_the_figure_or_of_each_column(open_page: Opener) -> None:
    page = opened(open_page, cv.topk_tokens.topk_tokens([["a", "b"]], [[[[1, 100], [-1, 0]]]], 1))
    small, large = backgrounds(page)[0]
    assert small != large
    choose_range(page, "each column")
    assert backgrounds(page)[0] == [large, large]
    expect(page.get_by_test_id("legend")).to_contain_text("its largest magnitude")


def test_missing_values_are_not_chosen(open_page: Opener) -> None:
    page = opened(open_page, "topk-tokens-missing")
    rows = table(page)
    assert [np.isnan(row[0][1]) for row in rows] == [False, True, True, True, True, False]
    expect(page.get_by_test_id("legend")).to_contain_text("no value")
    cell(page, 1, 0).hover()
    expect(page.locator(".tip")).to_contain_text("fewer tokens have a value here")


def test_the_next_of_2500_neurons_is_painted_in_the_next_frame(open_page: Opener) -> None:
    """Its group is decoded already: nothing waits."""
    page = opened(open_page, "topk-tokens-500-tokens")
    before = table(page)
    page.get_by_test_id("neuron-select").get_by_label("Next: Neuron").click()
    wait_painted(page)
    assert [row[:-1] for row in table(page)] == [row[1:] for row in before]
    type_into(page, "neuron-select", "2499")
    assert text(page, "page-extent") == "Neuron 2492–2499 of 2500"
    expect(field(page, "neuron-select")).to_have_value("2499")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1600])
def test_hostile_texts_and_labels_are_text_at_any_width(scheme: str, width: int, open_page: Opener) -> None:
    page = opened(open_page, "topk-tokens-hostile", width=width, color_scheme=scheme)
    assert page.locator("section.figure b, section.figure i").count() == 0
    assert unreadable(page) == []
    for row in range(0, 24, 5):
        for column in (0, len(table(page)[0]) - 1):
            cell(page, row, column).hover()
            box = page.locator(".tip .box").bounding_box()
            assert box is not None
            assert box["x"] >= 0 and box["x"] + box["width"] <= width
            assert box["y"] + page.evaluate("scrollY") >= 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width
