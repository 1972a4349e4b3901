"""logit_lens in a browser: mouse, touch and keyboard, scrolling, sequences, themes and widths."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from e2e.axe import violations
from e2e.conftest import Opener
from e2e.contrast import unreadable
from e2e.idle import wait_idle
from e2e.lens_page import CELL, COPY, Truth, grid, hover, middle, opened
from e2e.pages import fixture_page, focused, leave, text
from scripts.fixtures.tokens import CAT, IOI, long_text


def test_keys_move_pin_and_release(open_page: Opener) -> None:
    page = opened(open_page, "lens")
    grid(page).focus()
    status = page.get_by_test_id("status")
    for key, place in (("Home", "final_post at position"), ("Home", "final_post at position 0"), ("ArrowDown", "5_pre at position 0"),
                       ("ArrowRight", "5_pre at position 1"), ("PageDown", "0_pre at position 1"), ("ArrowUp", "1_pre at position 1"),
                       ("End", f"1_pre at position {len(IOI) - 1}")):  # fmt: skip
        page.keyboard.press(key)
        expect(status).to_contain_text(place)
    page.keyboard.press("Enter")
    expect(status).to_contain_text("Pinned")
    page.keyboard.press("ArrowLeft")
    expect(status).to_contain_text(f"Pinned; Esc or click to release. 1_pre at position {len(IOI) - 2}")
    page.keyboard.press("Escape")
    expect(status).not_to_contain_text("Pinned")
    assert focused(page) == "lens-grid"


def test_a_tap_pins_and_another_releases(open_page: Opener) -> None:
    page = opened(open_page, "lens", width=400, has_touch=True)
    grid(page).tap(position=middle(1, 2))  # type: ignore[arg-type]  # as above
    expect(page.get_by_test_id("status")).to_contain_text("Pinned; Esc or click to release. 5_pre at position 2")
    expect(page.locator(".tip .box")).to_be_visible()
    grid(page).tap(position=middle(1, 2))  # type: ignore[arg-type]  # as above
    expect(page.locator(".tip")).to_have_count(0)


def test_labels_stay_and_cells_are_decoded_where_they_are_looked_at(open_page: Opener) -> None:
    page = open_page(fixture_page("lens-500-tokens"))
    grid(page).wait_for()
    wait_idle(page)
    truth = Truth([long_text(500)], 24, 6)
    names = f"""grid => {{ const {{ data, width }} = ({COPY})(grid);
      return Array.from({{ length: 200 }}, (_, y) => data.slice(4 * y * width, 4 * (y * width + 70)).join()).join(); }}"""
    before = grid(page).evaluate(names)
    box = grid(page).bounding_box()
    assert box is not None and box["width"] <= 1280
    assert grid(page).evaluate("grid => grid.querySelector('canvas').clientWidth <= grid.clientWidth")
    grid(page).evaluate("(grid, left) => grid.scrollTo({ left, behavior: 'instant' })", 300 * CELL[0])
    wait_idle(page)
    hover(page, 2, 3)
    expect(page.get_by_test_id("status")).to_contain_text("22_pre at position 303")
    truth.check(text(page, "status"), 22, 303)
    leave(page)
    wait_idle(page)
    grid(page).evaluate("grid => { grid.scrollLeft = 0 }")
    wait_idle(page)
    assert grid(page).evaluate(names) == before
    grid(page).evaluate("grid => { grid.scrollLeft = 100 * 78 }")
    wait_idle(page)
    assert grid(page).evaluate(names) == before


def test_the_keyboard_takes_the_frame_along(open_page: Opener) -> None:
    page = opened(open_page, "lens-500-tokens")
    grid(page).focus()
    page.keyboard.press("End")
    page.keyboard.press("End")
    page.keyboard.press("PageDown")
    wait_idle(page)
    expect(page.get_by_test_id("status")).to_contain_text("0_pre at position 499")
    expect(page.locator(".tip .box")).to_be_visible()
    left, top = grid(page).evaluate("grid => [grid.scrollLeft, grid.scrollTop]")
    assert left > 400 * CELL[0] and top > 0


def test_a_batch_opens_at_its_focus_and_changes_its_sequence(open_page: Opener) -> None:
    page, truth = opened(open_page, "lens-batch"), Truth([IOI, CAT, CAT[:3]], 4, 3, 1)
    status = page.get_by_test_id("status")
    place = f"2_pre at position 3 {CAT[3].replace(' ', '·')}"
    expect(status).to_contain_text(f"Pinned; Esc or click to release. {place}: ")
    truth.check(text(page, "status"), 2, 3)
    page.get_by_test_id("batch-selector").get_by_role("radio").nth(0).check()
    other = Truth([IOI, CAT, CAT[:3]], 4, 3, 0)
    expect(status).to_contain_text(f"2_pre at position 3 {IOI[3].replace(' ', '·')}")
    other.check(text(page, "status"), 2, 3)
    page.get_by_test_id("batch-selector").get_by_role("radio").nth(2).check()
    expect(status).to_contain_text("Hover a cell")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("fixture", ["lens", "lens-hostile", "lens-no-targets", "lens-1-token"])
def test_everything_can_be_read_and_axe_finds_nothing(open_page: Opener, fixture: str, scheme: str) -> None:
    page = opened(open_page, fixture, color_scheme=scheme)
    hover(page, 0, 0)
    expect(page.locator(".tip .box")).to_be_visible()
    assert unreadable(page) == []
    assert violations(page) == []


@pytest.mark.parametrize("width", [320, 600, 2000])
def test_the_page_is_never_wider_than_the_window(open_page: Opener, width: int) -> None:
    page = opened(open_page, "lens-500-tokens", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    hover(page, 1, 1)
    tip = page.locator(".tip .box").bounding_box()
    assert tip is not None and tip["x"] >= 0 and tip["x"] + tip["width"] <= width
    assert text(page, "status")
