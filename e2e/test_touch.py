"""A tap pins, a second tap releases."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.pages import cell_centre, open_fixture

LARGE = "large-batch-radio"


def test_a_tap_pins_and_a_second_tap_releases(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE, has_touch=True)
    head, token = page.get_by_test_id("head").nth(1), page.get_by_test_id("token-strip").get_by_role("button").nth(3)
    area = page.get_by_test_id("heatmap")
    cell = cell_centre(area, 6, 1, 17, 17)
    head.tap()
    expect(page.get_by_test_id("head-status")).to_contain_text("Head 0.3 · pinned")
    area.tap(position=cell)
    expect(page.get_by_test_id("status")).to_contain_text("destination 6 ·to to source 1 When")
    token.tap()
    expect(page.get_by_test_id("token-status")).to_contain_text("destination 3 ·and")
    head.tap()
    area.tap(position=cell)
    token.tap()
    for status in ("head-status", "status", "token-status"):
        expect(page.get_by_test_id(status)).not_to_contain_text(re.compile("pinned|destination \\d", re.I))


def test_a_finger_that_brushes_a_picture_leaves_nothing_behind(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE, has_touch=True)
    area = page.get_by_test_id("heatmap")
    box = area.bounding_box()
    assert box is not None
    where = {"bubbles": True, "clientX": box["x"] + 30, "clientY": box["y"] + 30, "pointerType": "touch"}
    for event in ("pointermove", "pointerleave"):
        area.dispatch_event(event, where)
    expect(page.locator(".tip")).to_have_count(0)
