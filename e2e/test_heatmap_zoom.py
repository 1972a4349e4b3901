"""The large heatmap: its crosshair and labels, and how it is zoomed and scrolled."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import cell_centre, fixture_page, leave, open_fixture, settled
from e2e.reading import wait_drawn


def test_the_cell_below_the_crosshair_keeps_its_color(open_page: Opener) -> None:
    page = open_page(fixture_page("large-12-heads"))
    wait_drawn(page)
    settled(page, "heatmap")
    area = page.get_by_test_id("heatmap")
    area.scroll_into_view_if_needed()
    at, box = cell_centre(area, 5, 2, 17, 17), area.bounding_box()
    assert box is not None

    def screenshot() -> bytes:
        return page.screenshot(clip={"x": box["x"] + at["x"] - 4, "y": box["y"] + at["y"] - 4, "width": 8, "height": 8})

    before = screenshot()
    area.hover(position=at)
    expect(page.locator(".tip")).to_have_count(1)
    assert screenshot() == before


def test_the_token_below_the_crosshair_is_labelled_and_no_other_label_touches_it(open_page: Opener) -> None:
    page = open_page(fixture_page("large-500-tokens"))
    wait_drawn(page)
    area = page.get_by_test_id("heatmap")
    area.scroll_into_view_if_needed()
    before = [page.locator(f".{side} .labels > span").count() for side in ("rows", "cols")]
    for dest, src in [(3, 1), (250, 240), (499, 0)]:
        area.hover(position=cell_centre(area, dest, src, 500, 500))
        for side, index, lean in (("rows", dest, 1.0), ("cols", src, 0.75**0.5)):
            page.locator(f".{side} .focus i").get_by_text(str(index), exact=True).wait_for()
            # Positions along the axis, of which rotated labels use only a part.
            places = page.locator(f".{side} .labels > span:visible").evaluate_all(
                "spans => spans.map(span => [span.className.includes('focus'), parseFloat(span.style.top)])"
            )
            (at,) = (top for focused, top in places if focused)
            assert len(places) > 20
            assert min(abs(top - at) for focused, top in places if not focused) >= 14 * lean, (side, index)
    leave(page)
    assert [page.locator(f".{side} .labels > span:visible").count() for side in ("rows", "cols")] == before


def test_in_a_zoomed_heatmap_the_keyboard_keeps_its_cell_in_sight_and_labels_do_not_meet(open_page: Opener) -> None:
    page = open_page(fixture_page("large-500-tokens"), width=800)
    wait_drawn(page)
    for _ in range(4):
        page.get_by_test_id("zoom").get_by_label("Larger").click()
    page.get_by_test_id("heatmap").focus()
    for key in ("ArrowDown", "End", "PageDown", "Home"):
        page.keyboard.press(key)
        wait_idle(page)
        seen = page.locator(".area .cell").evaluate(
            "cell => { const { x, y, width, height } = cell.getBoundingClientRect();"
            "const root = cell.getRootNode(), top = root.elementFromPoint(x + width / 2, y + height / 2);"
            "return top?.closest('.area') !== null; }"
        )
        assert seen, key
        tip, frame = page.locator(".tip .box").bounding_box(), page.locator(".scroll").bounding_box()
        assert tip is not None and frame is not None
        assert frame["y"] <= tip["y"] and tip["y"] + tip["height"] <= frame["y"] + frame["height"], key
    corner = page.locator(".corner")
    assert corner.evaluate(
        "e => { const b = e.getBoundingClientRect();"
        "return e.getRootNode().elementFromPoint(b.right - 20, b.top + 10) === e; }"
    )


def test_the_tooltip_of_a_pinned_cell_stays_in_sight_as_the_heatmap_grows(open_page: Opener) -> None:
    page = open_page(fixture_page("large-500-tokens"), width=1300)
    wait_drawn(page)
    area = page.get_by_test_id("heatmap")
    area.scroll_into_view_if_needed()
    area.click(position=cell_centre(area, 140, 100, 500, 500))
    for _ in range(2):
        page.get_by_test_id("zoom").get_by_label("Larger").click()
    tip, cell = page.locator(".tip .box").bounding_box(), page.locator(".area .cell").bounding_box()
    frame = page.locator(".scroll").bounding_box()
    assert tip is not None and cell is not None and frame is not None
    middle = (max(frame["y"], 0) + min(frame["y"] + frame["height"], 900)) / 2
    assert cell["y"] > middle and tip["y"] < cell["y"]


def test_zoom_makes_the_heatmap_larger_inside_its_frame(open_page: Opener) -> None:
    page = open_fixture(open_page, "large-500-tokens", width=800)
    area, zoom = page.get_by_test_id("heatmap"), page.get_by_test_id("zoom")
    fit = area.bounding_box()
    assert fit is not None
    for factor in (2, 4):
        zoom.get_by_label("Larger").click()
        now = area.bounding_box()
        assert now is not None and now["width"] == pytest.approx(factor * fit["width"], rel=0.01)
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")
    empty_height = (
        "e => { const frame = e.closest('.zoomed'); return frame.scrollHeight - frame.firstElementChild.offsetHeight; }"
    )
    assert area.evaluate(empty_height) == 0, "there is nothing below the picture to scroll to"
    area.hover(position=cell_centre(area, 40, 30, 500, 500))
    expect(page.get_by_test_id("status")).to_contain_text(re.compile("destination 40 .* to source 30 "))
    zoom.get_by_text("Fit").click()
    assert area.bounding_box() == fit
