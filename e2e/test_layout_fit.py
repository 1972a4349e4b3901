"""Everything has room: narrow pages do not scroll sideways, labels and tooltips are whole, nothing overlaps."""

from __future__ import annotations

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.crowding import crowded
from e2e.idle import wait_idle
from e2e.layout_pages import LARGE, PAGES, layout_page, long_names
from e2e.pages import cell_centre, fixture_page, text
from e2e.reading import wait_drawn


@pytest.mark.parametrize("name", [*PAGES, "small-hostile", "large-hostile", "large-500-tokens", "large-144-heads"])
def test_a_page_of_600_pixels_does_not_scroll_sideways(name: str, open_page: Opener) -> None:
    page = open_page(layout_page(name), width=600)
    wait_drawn(page)
    fits = "document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth"
    assert page.evaluate(fits)
    testid = "overview" if name.startswith("small") else "heatmap"
    for x, y in [(0.98, 0.98), (0.5, 0.99), (0.01, 0.3)]:
        box = page.get_by_test_id(testid).bounding_box()
        assert box is not None
        page.get_by_test_id(testid).hover(position={"x": x * min(box["width"], 560), "y": y * box["height"]})
        expect(page.locator(".tip")).to_have_count(1)
        assert page.evaluate(fits), "the tooltip makes the page wider"
    if page.get_by_role("combobox").count():
        page.get_by_role("combobox").click()
        assert page.evaluate(fits)


@pytest.mark.parametrize("name", ["small-hostile", "large-hostile"])
def test_a_tooltip_is_whole_wherever_the_cell_is(name: str, open_page: Opener) -> None:
    page = open_page(fixture_page(name), width=600)
    wait_drawn(page)
    area = page.get_by_test_id("overview" if name == "small-hostile" else "heatmap")
    for dest, src in [(8, 0), (8, 13), (8, 14), (21, 12), (21, 21), (24, 24)]:
        area.hover(position=cell_centre(area, dest, src, 25, 25))
        tip, picture = page.locator(".tip .box").bounding_box(), area.bounding_box()
        assert tip is not None and picture is not None
        assert tip["x"] >= picture["x"] - 1 and tip["x"] + tip["width"] <= picture["x"] + picture["width"] + 1


def test_a_long_token_keeps_its_position_in_sight(open_page: Opener) -> None:
    page = open_page(fixture_page("large-hostile"))
    wait_drawn(page)
    chip = page.get_by_test_id("token-strip").get_by_role("button").nth(21)
    outer, index = chip.bounding_box(), chip.locator("sub").bounding_box()
    assert outer is not None and index is not None and index["width"] > 0
    assert index["x"] + index["width"] <= outer["x"] + outer["width"]


# Whether letters stand beside the export button, in its row.
_BESIDE = """button => {
  const row = button.getBoundingClientRect();
  const letters = (e) => [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...button.closest(".frame").querySelectorAll("*")].some((e) => {
    const { top, bottom, left } = e.getBoundingClientRect();
    return e !== button && letters(e) && top < row.bottom - 4 && bottom > row.top + 4 && left < row.left;
  });
}"""


@pytest.mark.parametrize(
    "name",
    [
        "small-signed",
        "small-1-head-5-tokens",
        "large-sinks",
        "large-1-head-5-tokens",
        "lines-12-heads",
        "attribution-3-destinations",
        "tokens-zero",
    ],
)
def test_export_has_no_row_of_its_own_and_lies_on_nothing(name: str, open_page: Opener) -> None:
    page = open_page(fixture_page(name), width=1280)
    wait_idle(page)
    for width in (1280, 700, 320):
        page.set_viewport_size({"width": width, "height": 900})
        wait_idle(page)
        assert page.get_by_test_id("export-button").evaluate(_BESIDE), width
        assert crowded(page) == [], width


def test_the_first_label_of_many_is_whole(open_page: Opener) -> None:
    page = open_page(fixture_page("large-500-tokens"))
    wait_drawn(page)
    label, frame = page.locator(".rows span").first.bounding_box(), page.locator(".place").bounding_box()
    assert label is not None and frame is not None
    assert label["y"] >= frame["y"]


def test_the_last_label_of_the_columns_is_whole(open_page: Opener) -> None:
    page = open_page(long_names("large", 99), width=600)
    wait_drawn(page)
    frame = page.locator(".place").bounding_box()
    assert frame is not None
    for label in page.locator(".cols .labels > span").all()[-3:]:
        box = label.bounding_box()
        assert box is not None and box["x"] + box["width"] <= frame["x"] + frame["width"]


def test_one_head_has_no_thumbnail_and_a_gap_is_in_the_legend(open_page: Opener) -> None:
    values = np.tril(np.random.default_rng(0).random((1, 6, 6)))
    values[0, 3, 1] = np.nan
    figure = cv.attention.from_values(values, [f" t{i}" for i in range(6)])
    page = open_page(figure.data)
    wait_drawn(page)
    expect(page.get_by_test_id("head")).to_have_count(0)
    assert text(page, "head-status") == "Head 0"
    expect(page.get_by_test_id("legend")).to_contain_text("no value")


def test_a_page_from_right_to_left_does_not_mirror_the_matrix(open_page: Opener) -> None:
    page = open_page(fixture_page(LARGE).replace("<html", '<html dir="rtl"', 1), width=800)
    wait_drawn(page)
    assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
    lefts = [
        part.evaluate("e => e.getBoundingClientRect().left")
        for part in (
            page.locator(".rows span").first,
            page.get_by_test_id("heatmap"),
            page.locator(".cols span").nth(1),
            page.locator(".cols span").nth(2),
        )
    ]
    assert lefts == sorted(lefts)
    tokens = page.get_by_test_id("token-strip").get_by_role("button")
    first, second = tokens.nth(0).bounding_box(), tokens.nth(1).bounding_box()
    assert first is not None and second is not None and first["x"] < second["x"]
