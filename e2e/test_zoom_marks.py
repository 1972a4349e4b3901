"""What stands beside a zoomed picture: the axes name the tokens that are seen, and bars show the place."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.pages import leave, open_fixture
from e2e.zoom_page import HEATMAP, OVERVIEW, drag, opened, seen, wheel


def test_the_axes_name_the_tokens_that_are_seen_each_beside_its_row_and_column(open_page: Opener) -> None:
    page, area = opened(open_page, *HEATMAP)
    page.mouse.move(*seen(area).point(0.3, 0.8))
    for _ in range(12):
        wheel(page, -100)
    leave(page)
    part = seen(area)
    numbers = (
        "spans => spans.map(span => [+span.querySelector('i').textContent, span.getBoundingClientRect().toJSON()])"
    )
    rows = page.locator(".rows .labels > span:visible").evaluate_all(numbers)
    first, last = round(part.row + 0.01), round(part.row + part.height / part.tall - 1.01)
    assert {number for number, _ in rows} >= set(range(first + 1, last)), "there is room for all"
    for number, box in rows:
        assert box["y"] + box["height"] / 2 == pytest.approx(part.middle(number, 0)[1], abs=1)
    cols = page.locator(".cols .labels > span:visible").evaluate_all(numbers)
    assert len(cols) == pytest.approx(part.width / part.cell, abs=1.5)
    for number, box in cols:
        assert box["x"] + 6 == pytest.approx(part.middle(0, number)[0], abs=8)


def test_the_bars_beside_a_zoomed_picture_show_the_place_and_can_be_dragged(open_page: Opener) -> None:
    page, area = opened(open_page, *OVERVIEW)
    expect(page.get_by_test_id("pan-cols")).to_have_count(0)
    page.get_by_test_id("zoom").get_by_label("Larger").click()
    bar = page.get_by_test_id("pan-cols").locator(".thumb").bounding_box()
    assert bar is not None
    part = seen(area)
    assert bar["width"] == pytest.approx(part.width / 2, abs=1)
    drag(page, (bar["x"] + 20, bar["y"] + 2), (part.width, 0))
    assert seen(area).col == pytest.approx(250, abs=1)
    assert seen(area).row == pytest.approx(part.row)


def test_a_picture_with_large_cells_has_no_zoom_and_leaves_the_wheel_to_the_browser(open_page: Opener) -> None:
    page = open_fixture(open_page, "large-batch-radio")
    area = page.get_by_test_id("heatmap")
    expect(page.get_by_test_id("zoom")).to_have_count(0)
    prevented = area.evaluate(
        "area => !area.dispatchEvent(new WheelEvent('wheel',"
        "{ ctrlKey: true, deltaY: -100, bubbles: true, cancelable: true, composed: true }))"
    )
    assert prevented is False
