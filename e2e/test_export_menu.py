"""The export menu: reached and left by mouse and keyboard, named for screen readers, and what it gives in frames that may not save."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from e2e.axe import violations
from e2e.conftest import Opener, new_context
from e2e.export_menu import CLIPBOARD, copied, open_menu, rows_of
from e2e.idle import wait_idle
from e2e.pages import fixture_page, focused

VIEWS = [
    "large-12-heads",
    "small-12-heads",
    "lines-12-heads",
    "attribution-small",
    "tokens-multi",
    "log-probs",
    "lens",
    "edge",
    "topk-tokens-samples",
]
NO_PICTURE = {"tokens-multi", "log-probs", "topk-tokens-samples"}
NO_CALL = {"attribution-small"}  # made from arrays, by no public function


def _opened(open_page: Opener, name: str, **options: object) -> Page:
    page = open_page(fixture_page(name), **options)
    wait_idle(page)
    return page


@pytest.mark.parametrize("name", VIEWS)
def test_the_menu_offers_what_a_view_can_give_and_axe_finds_nothing_in_it(open_page: Opener, name: str) -> None:
    page = _opened(open_page, name)
    menu = open_menu(page)
    groups = menu.get_by_role("group").evaluate_all("groups => groups.map(one => one.ariaLabel)")
    assert groups == [
        *([] if name in NO_PICTURE else ["Picture"]),
        "Values",
        *([] if name in NO_CALL else ["Call"]),
    ]
    assert violations(page) == []


def test_the_keyboard_opens_the_menu_moves_in_it_and_escape_closes_it_and_nothing_else(open_page: Opener) -> None:
    page = _opened(open_page, "large-12-heads")
    page.get_by_test_id("heatmap").click(position={"x": 30, "y": 30})
    pinned = page.get_by_test_id("status").text_content()
    page.get_by_test_id("export-button").focus()
    page.keyboard.press("Enter")
    assert focused(page) == "export-png-1"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    assert focused(page) == "export-png-4"
    page.keyboard.press("End")
    assert focused(page) == "copy-edge"
    page.keyboard.press("ArrowDown")
    assert focused(page) == "export-png-1"
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("export-menu")).to_have_count(0)
    assert focused(page) == "export-button"
    assert page.get_by_test_id("status").text_content() == pinned


def test_a_press_outside_closes_the_menu(open_page: Opener) -> None:
    page = _opened(open_page, "large-12-heads")
    open_menu(page)
    page.mouse.click(600, 700)
    expect(page.get_by_test_id("export-menu")).to_have_count(0)
    expect(page.get_by_test_id("export-button")).to_have_attribute("aria-expanded", "false")


def test_a_finger_opens_the_menu(open_page: Opener) -> None:
    page = _opened(open_page, "small-12-heads", width=360, height=700, has_touch=True)
    page.get_by_test_id("export-button").tap()
    box = page.get_by_test_id("export-menu").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 360


def test_only_the_shown_tab_has_a_menu(open_page: Opener) -> None:
    page = _opened(open_page, "tabs-encoder-decoder")
    page.get_by_role("tab").nth(1).click()
    wait_idle(page)
    expect(page.get_by_test_id("export-button").locator("visible=true")).to_have_count(1)


def test_values_are_copied_as_csv(open_page: Opener) -> None:
    page = _opened(open_page, "tokens-signed", **CLIPBOARD)
    open_menu(page)
    rows = rows_of(copied(page, "copy-csv"))
    assert list(rows[0]) == ["sample", "kind", "position", "token", "value"]


def test_a_frame_that_may_not_save_shows_the_picture_and_the_text_to_take_by_hand(
    browser: Browser, tmp_path: Path
) -> None:
    # Without the checks of `open_page`: the browser writes to the console that it blocks the download.
    frame = f'<iframe sandbox="allow-scripts" width="1100" height="800" srcdoc="{html.escape(fixture_page("large-12-heads"))}"></iframe>'
    (tmp_path / "page.html").write_text(f"<!doctype html><textarea></textarea>{frame}", encoding="utf-8")
    context = new_context(browser, viewport={"width": 1200, "height": 1000}, **CLIPBOARD)
    page = context.new_page()
    page.goto((tmp_path / "page.html").as_uri())
    inside = page.frame_locator("iframe")
    inside.get_by_test_id("export-button").click()
    inside.get_by_test_id("export-png-1").click()
    expect(inside.get_by_test_id("export-picture")).to_be_visible()
    inside.get_by_test_id("export-csv").click()
    text = inside.get_by_test_id("export-text")
    expect(text).to_have_value(re.compile("^sequence,head,layer,dest"))
    inside.get_by_test_id("copy-python").click()
    expect(text).to_have_value(re.compile("^cv.attention.from_cache"))
    call = text.input_value()
    page.locator("body > textarea").click()
    page.keyboard.press("Control+V")
    assert page.locator("body > textarea").input_value() == call
    context.close()
