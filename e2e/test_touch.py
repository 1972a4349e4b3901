"""Fingers: a tap shows a cell, a long press pins it, two fingers zoom, and one pans what is zoomed and else scrolls the page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle, wait_painted
from e2e.pages import cell_centre, open_fixture, text
from e2e.zoom_page import Fingers, seen

LARGE = "large-batch-radio"
LONG = pytest.mark.parametrize(("name", "testid"), [("small-500-tokens", "overview"), ("large-500-tokens", "heatmap")])


def on_telephone(open_page: Opener, name: str, testid: str) -> tuple[Page, Locator, Fingers]:
    page = open_fixture(open_page, name, width=420, height=700, has_touch=True, is_mobile=True)
    area = page.get_by_test_id(testid)
    area.evaluate("area => area.scrollIntoView({ block: 'center' })")
    wait_idle(page)
    return page, area, Fingers(page)


def test_a_tap_shows_a_cell_and_a_second_one_elsewhere_shows_that_one(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE, has_touch=True)
    area, status = page.get_by_test_id("heatmap"), page.get_by_test_id("status")
    area.tap(position=cell_centre(area, 6, 1, 17, 17))
    expect(status).to_contain_text("destination 6 ·to to source 1 When")
    expect(status).not_to_contain_text("Pinned")
    expect(page.locator(".tip")).to_have_count(1)
    area.tap(position=cell_centre(area, 9, 2, 17, 17))
    expect(status).to_contain_text(re.compile(r"destination 9 .* to source 2 "))
    area.tap(position=cell_centre(area, 9, 2, 17, 17))
    expect(page.locator(".tip")).to_have_count(0)


def test_a_long_press_pins_a_cell_without_a_menu_and_a_tap_elsewhere_releases_it(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE, has_touch=True)
    page.evaluate(
        "() => { globalThis.menus = [];"
        "addEventListener('contextmenu', (event) => globalThis.menus.push(event.defaultPrevented)); }"
    )
    area, status = page.get_by_test_id("heatmap"), page.get_by_test_id("status")
    area.scroll_into_view_if_needed()
    box, cell = area.bounding_box(), cell_centre(area, 6, 1, 17, 17)
    assert box is not None
    fingers = Fingers(page)
    fingers.down((box["x"] + cell["x"], box["y"] + cell["y"]))
    expect(status).to_contain_text("destination 6 ·to to source 1 When")
    expect(status).to_contain_text("Pinned")
    fingers.up()
    wait_idle(page)
    expect(status).to_contain_text("Pinned")  # the end of the press is no tap
    assert False not in page.evaluate("globalThis.menus")
    page.get_by_test_id("head").nth(1).tap()
    expect(status).to_contain_text("Pinned")  # to be compared between heads
    area.tap(position=cell_centre(area, 9, 2, 17, 17))
    expect(status).to_contain_text(re.compile(r"destination 9 .* to source 2 "))
    expect(status).not_to_contain_text("Pinned")


def test_the_menu_of_other_places_and_of_the_mouse_is_left_alone(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE, has_touch=True)
    menu = "e => e.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))"
    area = page.get_by_test_id("heatmap")
    area.hover()
    assert area.evaluate(menu)
    assert page.get_by_test_id("legend").evaluate(menu)


def test_a_finger_that_moves_away_or_is_lifted_soon_pins_nothing(open_page: Opener) -> None:
    page, area, fingers = on_telephone(open_page, "small-500-tokens", "overview")
    fingers.drag(seen(area).point(0.5, 0.5), (0, -60))
    wait_idle(page)
    assert "Pinned" not in text(page, "status")
    expect(page.locator(".tip")).to_have_count(0)


def test_a_tap_pins_heads_and_tokens_and_a_second_tap_releases_them(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE, has_touch=True)
    head, token = page.get_by_test_id("head").nth(1), page.get_by_test_id("token-strip").get_by_role("button").nth(3)
    head.tap()
    expect(page.get_by_test_id("head-status")).to_contain_text("Head 0.3 · pinned")
    token.tap()
    expect(page.get_by_test_id("token-status")).to_contain_text("destination 3 ·and")
    head.tap()
    token.tap()
    for status in ("head-status", "token-status"):
        expect(page.get_by_test_id(status)).not_to_contain_text(re.compile("pinned|destination \\d", re.I))


@LONG
def test_two_fingers_zoom_about_their_middle_and_the_page_keeps_its_size(
    name: str, testid: str, open_page: Opener
) -> None:
    page, area, fingers = on_telephone(open_page, name, testid)
    fit = seen(area)
    middle = fit.point(0.4, 0.6)
    cell = fit.cell_at(*middle)
    scrolled = page.evaluate("scrollY")
    fingers.pinch(middle, start=40, end=160)
    zoomed = seen(area)
    assert zoomed.cell == pytest.approx(4 * fit.cell, rel=0.15)
    row, col = zoomed.cell_at(*middle)
    assert abs(row - cell[0]) <= 12 / zoomed.tall + 1 and abs(col - cell[1]) <= 12 / zoomed.cell + 1
    assert page.evaluate("[visualViewport.scale, scrollY]") == [1, scrolled]
    assert "Pinned" not in text(page, "status")
    fingers.pinch(middle, start=150, end=15)
    assert seen(area) == fit


@LONG
def test_one_finger_scrolls_the_page_and_pans_a_picture_that_is_zoomed(
    name: str, testid: str, open_page: Opener
) -> None:
    page, area, fingers = on_telephone(open_page, name, testid)
    middle = seen(area).point(0.5, 0.5)
    before = page.evaluate("scrollY")
    fingers.drag(middle, (0, -80))
    page.wait_for_function("before => scrollY > before + 40", arg=before)
    wait_idle(page)
    page.get_by_test_id("zoom").get_by_label("Larger").click()
    wait_painted(page)
    zoomed, before = seen(area), page.evaluate("scrollY")
    fingers.drag(zoomed.point(0.5, 0.4), (-50, -30))
    panned = seen(area)
    assert (panned.col - zoomed.col) * zoomed.cell == pytest.approx(50, abs=12)
    assert (panned.row - zoomed.row) * zoomed.tall == pytest.approx(30, abs=12)
    assert page.evaluate("scrollY") == before


def test_a_finger_that_brushes_a_picture_leaves_nothing_behind(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE, has_touch=True)
    area = page.get_by_test_id("heatmap")
    box = area.bounding_box()
    assert box is not None
    where = {"bubbles": True, "clientX": box["x"] + 30, "clientY": box["y"] + 30, "pointerType": "touch"}
    for event in ("pointermove", "pointerleave"):
        area.dispatch_event(event, where)
    expect(page.locator(".tip")).to_have_count(0)
