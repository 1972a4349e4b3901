"""The large picture is zoomed by wheel, keys and buttons, and panned by dragging; what is hovered and pinned stays right."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.idle import wait_idle, wait_painted
from e2e.pages import leave, text
from e2e.zoom_page import HEATMAP, OVERVIEW, drag, opened, seen, wheel

BOTH = pytest.mark.parametrize(("name", "testid"), [OVERVIEW, HEATMAP])


def cell_of(status: str) -> tuple[int, int]:
    found = re.search(r"destination (\d+) .* to source (\d+) ", status)
    assert found is not None, status
    return int(found[1]), int(found[2])


@BOTH
def test_a_wheel_with_ctrl_zooms_about_the_cell_at_the_pointer(name: str, testid: str, open_page: Opener) -> None:
    page, area = opened(open_page, name, testid)
    cell = (385, 155)
    # a mouse is at whole pixels, and a picture need not be
    x, y = (int(place) for place in seen(area).middle(*cell))
    page.mouse.move(x, y)
    cell = cell_of(text(page, "status"))

    def beside() -> set[tuple[int, int]]:
        """The cells within a pixel of the mouse."""
        return {seen(area).cell_at(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)}

    assert cell in beside()
    sizes = [seen(area).cell]
    for _ in range(8):
        wheel(page, -100)
        assert cell in beside()
        assert cell_of(text(page, "status")) == cell
        sizes.append(seen(area).cell)
    assert sizes == sorted(sizes)
    assert sizes[-1] > 8 * sizes[0]
    for _ in range(12):
        wheel(page, 100)
    assert seen(area).cell == sizes[0]
    assert (seen(area).row, seen(area).col) == pytest.approx((0, 0), abs=1e-6)


@BOTH
def test_each_cell_that_is_seen_is_read_at_its_own_place(name: str, testid: str, open_page: Opener) -> None:
    page, area = opened(open_page, name, testid)
    page.mouse.move(*seen(area).point(0.25, 0.6))
    for _ in range(10):
        wheel(page, -100)
    part = seen(area)
    for across, down in [(0.02, 0.02), (0.5, 0.3), (0.98, 0.97)]:
        at = part.point(across, down)
        page.mouse.move(*at)
        cell = part.cell_at(*at)
        assert cell_of(text(page, "status")) == cell
        frame = page.locator(".area .cell").bounding_box()
        assert frame is not None
        x, y = part.middle(*cell)
        assert (frame["x"] + frame["width"] / 2, frame["y"] + frame["height"] / 2) == pytest.approx((x, y), abs=0.6)


_PINCH = """(area, [x, y, scales]) => scales.map((scale, i) => {
  const event = new MouseEvent(i ? "gesturechange" : "gesturestart", { clientX: x, clientY: y, bubbles: true, cancelable: true });
  return area.dispatchEvent(Object.assign(event, { scale }));
})"""


@BOTH
def test_a_pinch_on_a_touchpad_in_safari_zooms_by_its_scale_about_the_pointer(
    name: str, testid: str, open_page: Opener
) -> None:
    """Safari sends other events than a wheel with Ctrl. They are made here as it documents them."""
    page, area = opened(open_page, name, testid)
    before = seen(area)
    x, y = (int(place) for place in before.middle(300, 200))
    assert area.evaluate(_PINCH, [x, y, [1, 1.5, 3]]) == [False, False, False]  # the page does not zoom as well
    wait_painted(page)
    after = seen(area)
    assert after.cell == pytest.approx(3 * before.cell, rel=1e-6)
    assert np.abs(np.subtract(after.cell_at(x, y), before.cell_at(x, y))).max() <= 1


@BOTH
def test_a_wheel_alone_scrolls_the_page(name: str, testid: str, open_page: Opener) -> None:
    page, area = opened(open_page, name, testid, height=500)
    wheel_at = seen(area).point(0.5, 0.5)
    page.mouse.move(*wheel_at)
    wheel(page, -100)
    zoomed, before = seen(area), page.evaluate("scrollY")
    wheel(page, 60, key=None)
    page.wait_for_function("before => scrollY > before", arg=before)
    assert seen(area).cell == zoomed.cell
    assert (seen(area).row, seen(area).col) == pytest.approx((zoomed.row, zoomed.col), abs=1e-6)


@BOTH
def test_dragging_pans_a_zoomed_picture_pins_nothing_and_keeps_what_is_pinned(
    name: str, testid: str, open_page: Opener
) -> None:
    page, area = opened(open_page, name, testid)
    start = seen(area).point(0.5, 0.5)
    page.mouse.click(*start)
    pinned = text(page, "status")
    assert "Pinned" in pinned
    for _ in range(6):
        wheel(page, -100)
    before = seen(area)
    drag(page, start, (-90, 60))
    after = seen(area)
    assert (after.col - before.col) * after.cell == pytest.approx(90, abs=0.1)
    assert (after.row - before.row) * after.cell == pytest.approx(-60, abs=0.1)
    assert text(page, "status") == pinned
    for _ in range(8):
        drag(page, start, (600, 0))
    assert seen(area).col == pytest.approx(0, abs=1e-6)
    expect(page.locator(".tip")).to_have_count(0)  # its cell is out of sight
    page.keyboard.press("Escape")
    drag(page, start, (20, 0))
    assert "Pinned" not in text(page, "status")


def test_a_picture_that_is_whole_is_not_dragged_and_a_click_after_a_short_way_pins(open_page: Opener) -> None:
    page, area = opened(open_page, *OVERVIEW)
    before = seen(area)
    drag(page, before.point(0.5, 0.5), (-40, 0))
    assert seen(area) == before
    expect(page.get_by_test_id("status")).to_contain_text("Pinned")


@BOTH
def test_keys_zoom_pan_and_show_all_again(name: str, testid: str, open_page: Opener) -> None:
    page, area = opened(open_page, name, testid)
    leave(page)
    fit = seen(area)
    area.focus()
    for _ in range(3):
        page.keyboard.press("+")
    zoomed = seen(area)
    assert zoomed.cell == pytest.approx(8 * fit.cell)
    middle = (fit.width / 2) / fit.cell  # nothing is hovered: about the middle
    assert zoomed.col + zoomed.width / 2 / zoomed.cell == pytest.approx(middle, abs=3)
    page.keyboard.press("Alt+ArrowRight")
    page.keyboard.press("Alt+ArrowUp")
    panned = seen(area)
    assert panned.col - zoomed.col == pytest.approx(zoomed.width / 4 / zoomed.cell, abs=0.01)
    assert panned.row - zoomed.row == pytest.approx(-zoomed.height / 4 / zoomed.tall, abs=0.01)
    expect(page.locator(".tip")).to_have_count(0)  # these keys move no cell
    page.keyboard.press("-")
    assert seen(area).cell == pytest.approx(4 * fit.cell)
    page.keyboard.press("0")
    assert seen(area) == fit


@BOTH
def test_arrows_take_the_frame_along(name: str, testid: str, open_page: Opener) -> None:
    page, area = opened(open_page, name, testid)
    leave(page)
    area.focus()
    for key in ["ArrowDown", "+", "+", "+", "+", "End", "PageDown", "ArrowLeft"]:
        page.keyboard.press(key)
        wait_painted(page)
        part = seen(area)
        row, col = cell_of(text(page, "status"))
        assert part.row - 0.01 <= row <= part.row + part.height / part.tall - 0.99, key
        assert part.col - 0.01 <= col <= part.col + part.width / part.cell - 0.99, key
    assert cell_of(text(page, "status")) == (499, 498)


def test_buttons_are_named_zoom_about_the_pinned_cell_and_end_at_both_limits(open_page: Opener) -> None:
    page, area = opened(open_page, *OVERVIEW)
    smaller, larger = (page.get_by_role("button", name=name, exact=True) for name in ("Smaller", "Larger"))
    fit_button = page.get_by_role("button", name="Fit", exact=True)
    expect(smaller).to_be_disabled()
    expect(fit_button).to_be_disabled()
    fit = seen(area)
    page.mouse.click(*fit.point(0.9, 0.95))
    pinned = cell_of(text(page, "status"))
    for _ in range(10):
        if larger.is_disabled():
            break
        larger.click()
        row, col = pinned
        part = seen(area)
        assert part.row <= row + 0.5 <= part.row + part.height / part.tall
        assert part.col <= col + 0.5 <= part.col + part.width / part.cell
    expect(larger).to_be_disabled()
    assert seen(area).cell == pytest.approx(24)
    smaller.click()
    assert seen(area).cell == pytest.approx(12)
    fit_button.click()
    assert seen(area) == fit


@BOTH
def test_a_double_click_shows_all_again_and_pins_nothing(name: str, testid: str, open_page: Opener) -> None:
    page, area = opened(open_page, name, testid)
    fit = seen(area)
    page.mouse.move(*fit.point(0.5, 0.5))
    for _ in range(4):
        wheel(page, -100)
    page.mouse.dblclick(*fit.point(0.4, 0.6))
    wait_painted(page)
    assert seen(area) == fit
    assert "Pinned" not in text(page, "status")


@BOTH
def test_another_head_is_shown_at_the_same_place(name: str, testid: str, open_page: Opener) -> None:
    page, area = opened(open_page, name, testid)
    page.mouse.move(*seen(area).point(0.3, 0.9))
    for _ in range(5):
        wheel(page, -100)
    before = seen(area)
    page.get_by_test_id("head").nth(1).click()
    wait_idle(page)
    assert seen(area) == before
