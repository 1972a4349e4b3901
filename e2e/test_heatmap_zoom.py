"""The large heatmap: its crosshair and labels, and how it is zoomed and scrolled."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import cell_centre, fixture_page, leave, open_fixture, settled
from e2e.reading import wait_drawn
from e2e.zoom_page import seen


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


def test_in_a_zoomed_heatmap_the_keyboard_keeps_its_cell_and_its_tooltip_in_sight(open_page: Opener) -> None:
    page = open_page(fixture_page("large-500-tokens"), width=800)
    wait_drawn(page)
    for _ in range(4):
        page.get_by_test_id("zoom").get_by_label("Larger").click()
    page.get_by_test_id("heatmap").focus()
    for key in ("ArrowDown", "End", "PageDown", "Home"):
        page.keyboard.press(key)
        wait_idle(page)
        boxes = [page.locator(part).bounding_box() for part in (".tip .box", ".place", ".area .cell", ".area")]
        tip, place, cell, frame = boxes
        assert tip is not None and place is not None and cell is not None and frame is not None
        assert place["y"] <= tip["y"] and tip["y"] + tip["height"] <= place["y"] + place["height"], key
        assert frame["x"] - 1 <= cell["x"] and cell["x"] + cell["width"] <= frame["x"] + frame["width"] + 1, key
        assert frame["y"] - 1 <= cell["y"] and cell["y"] + cell["height"] <= frame["y"] + frame["height"] + 1, key


def test_a_pinned_cell_and_its_tooltip_stay_in_sight_as_the_heatmap_grows(open_page: Opener) -> None:
    page = open_page(fixture_page("large-500-tokens"), width=1300)
    wait_drawn(page)
    area = page.get_by_test_id("heatmap")
    area.scroll_into_view_if_needed()
    area.click(position=cell_centre(area, 140, 100, 500, 500))
    for _ in range(2):
        page.get_by_test_id("zoom").get_by_label("Larger").click()
    tip, cell, frame = (page.locator(part).bounding_box() for part in (".tip .box", ".area .cell", ".area"))
    assert tip is not None and cell is not None and frame is not None
    assert frame["y"] <= cell["y"] <= frame["y"] + frame["height"]
    assert frame["y"] <= tip["y"] and tip["y"] + tip["height"] <= frame["y"] + frame["height"]


def test_zoom_makes_cells_larger_inside_the_same_frame(open_page: Opener) -> None:
    page = open_fixture(open_page, "large-500-tokens", width=800)
    wait_idle(page)
    area, zoom = page.get_by_test_id("heatmap"), page.get_by_test_id("zoom")
    fit, height = seen(area), page.evaluate("document.scrollingElement.scrollHeight")
    for factor in (2, 4):
        zoom.get_by_label("Larger").click()
        now = seen(area)
        assert now.cell == pytest.approx(factor * fit.cell, rel=0.01)
        assert (now.x, now.y) == (fit.x, fit.y)
        assert now.height == pytest.approx(fit.height, abs=1)
        assert page.evaluate("document.scrollingElement.scrollHeight") <= height + 1
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")
    zoom.get_by_text("Fit").click()
    assert seen(area) == fit
