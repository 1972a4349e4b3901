"""The spacing of colors and hiding the first token are switches that change pictures and legends, and no value."""

from __future__ import annotations

import re

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.pages import fixture_page, leave, settled, text
from e2e.reading import show_head, values, wait_drawn
from tests.support.caches import softmax_patterns, words

ATTENTION = [("small-12-heads", "overview"), ("large-12-heads", "heatmap"), ("large-spans", "heatmap")]


def choose(page: Page, name: str) -> None:
    page.get_by_test_id("transform").get_by_text(name, exact=True).click()
    leave(page)


def hide(page: Page, name: str) -> None:
    page.get_by_test_id("hide").get_by_text(name, exact=True).click()
    leave(page)


def percent(note: str) -> float:
    match = re.search(r"holds ([\d.]+) % of", note)
    assert match is not None, note
    return float(match.group(1))


@pytest.mark.parametrize(("name", "testid"), [*ATTENTION, ("attribution-small", "heatmap")])
def test_each_spacing_of_colors_has_a_picture_and_a_legend_of_its_own(
    name: str, testid: str, open_page: Opener
) -> None:
    page = open_page(fixture_page(name))
    wait_drawn(page)
    seen = []
    for spacing in ("Linear", "Square root", "Log"):
        choose(page, spacing)
        ticks = page.get_by_test_id("legend").locator(".ticks span").all_text_contents()
        seen.append((settled(page, testid), tuple(ticks)))
    assert len({picture for picture, _ in seen}) == 3
    assert len({ticks for _, ticks in seen}) == 3
    choose(page, "Linear")
    assert settled(page, testid) == seen[0][0]


@pytest.mark.parametrize("mode", ["small", "large"])
def test_hiding_the_first_token_says_how_much_it_holds_and_changes_no_value(mode: str, open_page: Opener) -> None:
    patterns = softmax_patterns((6, 9, 9)).astype(np.float64)
    figure = cv.attention.from_values(patterns, words(9), mode=mode)  # type: ignore[call-overload]  # a text of two
    page = open_page(figure.data)
    wait_drawn(page)
    show_head(page, 4)
    testid = "overview" if mode == "small" else "heatmap"
    before = values(page, testid, 9, 9)
    hide(page, "First token")
    choose(page, "Log")
    np.testing.assert_array_equal(values(page, testid, 9, 9), before)
    note = text(page, "hidden-note")
    want = np.mean([patterns[4, dest, 0] / patterns[4, dest].sum() for dest in range(9)])
    assert abs(percent(note) - 100 * want) < 0.11
    assert "Hidden: 0 " in note and "Head 4" in note and note.endswith("Values are unchanged, and not renormalized.")
    expect(page.get_by_test_id("legend")).to_contain_text("hidden")
    if mode == "small":
        page.get_by_test_id("overview").press("Escape")
        expect(page.get_by_test_id("hidden-note")).to_contain_text("all 6 heads")
        every = np.mean([[row[0] / row.sum() for row in head] for head in patterns])
        assert abs(percent(text(page, "hidden-note")) - 100 * every) < 0.11


_COLUMNS = """area => {
  const { width, height } = area.querySelector("canvas");
  const copy = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(area.querySelector("canvas"), 0, 0);
  const pixels = new Uint32Array(copy.getImageData(0, 0, width, height).data.buffer);
  return Array.from({ length: width }, (_, x) =>
    new Set(Array.from({ length: height }, (_, y) => pixels[y * width + x])).size);
}"""


@pytest.mark.parametrize(("name", "testid"), ATTENTION)
def test_the_column_of_the_hidden_token_has_one_color(name: str, testid: str, open_page: Opener) -> None:
    page = open_page(fixture_page(name))
    wait_drawn(page)
    show_head(page, 1)
    assert page.get_by_test_id(testid).evaluate(_COLUMNS)[0] > 1
    hide(page, "First token")
    settled(page, testid)
    colors = page.get_by_test_id(testid).evaluate(_COLUMNS)
    assert colors[0] == 1 and max(colors) > 2
    hide(page, "Nothing")
    settled(page, testid)
    assert page.get_by_test_id(testid).evaluate(_COLUMNS)[0] > 1
    expect(page.get_by_test_id("hidden-note")).to_have_count(0)


@pytest.mark.parametrize("several", [False, True])
def test_lines_to_the_first_token_are_left_out_and_faint_ones_come_forward(several: bool, open_page: Opener) -> None:
    page = open_page(fixture_page("lines-12-heads"))
    wait_drawn(page)
    if several:
        page.get_by_test_id("head-mode").get_by_text("Several heads").click()
    pictures = [settled(page, "lines")]
    for step in ("Square root", "Log"):
        choose(page, step)
        pictures.append(settled(page, "lines"))
    hide(page, "First token")
    leave(page)
    pictures.append(settled(page, "lines"))
    assert len(set(pictures)) == 4
    note = text(page, "hidden-note")
    assert 0 < percent(note) < 100
    assert ("the 12 heads" in note) == several
