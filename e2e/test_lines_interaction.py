"""mode="lines": hover, pin, order, keys and touch; its themes; long sequences."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.lines_page import (
    HEAD_ROW,
    ROW,
    N,
    area,
    column,
    computed_cache,
    hover_query,
    opened,
    pin_query,
    status,
    walk,
)
from e2e.pages import fixture_page
from e2e.reading import wait_drawn


def test_hovering_previews_a_click_pins_and_escape_releases(open_page: Opener) -> None:
    page = opened(open_page, computed_cache())
    assert status(page).startswith("Hover a query token")
    hover_query(page, 4)
    assert status(page).startswith("Query 4 ")
    hover_query(page, 6)
    assert status(page).startswith("Query 6 ")
    pin_query(page, 6)
    hover_query(page, 2)
    assert "Query 6 " in status(page)
    page.keyboard.press("Escape")
    page.mouse.move(2, 2)
    expect(page.get_by_test_id("status")).to_contain_text("Hover a query token")
    pin_query(page, 3)
    hover_query(page, 3)
    page.mouse.down()
    page.mouse.up()
    page.mouse.move(2, 2)
    expect(page.get_by_test_id("status")).to_contain_text("Hover a query token")


def test_sources_can_be_ordered_by_probability_and_by_score(open_page: Opener) -> None:
    cache = computed_cache()
    page = opened(open_page, cache, layers=0)
    area(page).focus()
    for name in ("Probability", "Score"):
        page.keyboard.press("s")
        expect(page.get_by_test_id("order").get_by_label(name)).to_be_checked()
        order = list(walk(page, 8))
        probability = cache["blocks.0.attn.hook_pattern"][0, 8]
        assert order == sorted(range(N), key=lambda source: -probability[source])
    page.keyboard.press("s")
    assert list(walk(page, 8)) == list(range(N))


def test_the_lines_alone_can_be_shown_by_button_and_by_key(open_page: Opener) -> None:
    page = opened(open_page, computed_cache())
    button = page.get_by_test_id("expand")
    expect(area(page).locator(".label.product")).to_be_visible()
    button.click()
    expect(area(page).locator(".label.product")).to_have_count(0)
    expect(button).to_have_attribute("aria-expanded", "false")
    hover_query(page, 4)
    assert status(page).startswith("Query 4 ")
    area(page).press("e")
    expect(area(page).locator(".label.product")).to_be_visible()


def test_a_tap_pins_a_query_and_a_tap_on_a_source_says_its_numbers(open_page: Opener) -> None:
    page = opened(open_page, computed_cache(), browser={"has_touch": True, "is_mobile": True}, width=600)
    box = area(page).bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 30, box["y"] + HEAD_ROW + 4.5 * ROW)
    expect(page.get_by_test_id("status")).to_contain_text("Pinned; Esc or click to release. Query 4 ")
    left, width = column(page, "src")
    page.touchscreen.tap(left + width / 2, box["y"] + HEAD_ROW + 2.5 * ROW)
    expect(page.get_by_test_id("status")).to_contain_text("source 2 ")
    page.touchscreen.tap(box["x"] + 30, box["y"] + HEAD_ROW + 4.5 * ROW)
    expect(page.get_by_test_id("status")).not_to_contain_text("Pinned")


@pytest.mark.parametrize(
    ("display_mode", "scheme", "theme"),
    [("dark", "light", "dark"), ("light", "dark", "light"), ("auto", "dark", "dark"), ("auto", "light", "light")],
)
def test_the_panel_is_dark_or_light_as_asked_or_as_the_host(
    display_mode: str, scheme: str, theme: str, open_page: Opener
) -> None:
    page = opened(open_page, computed_cache(), display_mode=display_mode, browser={"color_scheme": scheme})
    figure = page.locator("section.figure")
    classes = (figure.get_attribute("class") or "").split()
    assert theme in classes
    painted = figure.evaluate("element => getComputedStyle(element).backgroundColor")
    assert (painted == "rgba(0, 0, 0, 0)") == (display_mode == "auto")


def test_nothing_moves_when_a_query_is_hovered_or_pinned(open_page: Opener) -> None:
    page = opened(open_page, computed_cache(), attention_type="info-weighted")
    places = """() => [...document.querySelector("[data-circuitsvis]").firstElementChild.shadowRoot.querySelectorAll("*")]
      .filter((e) => !e.closest(".tip, .empty, style")).map((e) => [e.className?.toString(), e.getBoundingClientRect().toJSON()])"""
    before = page.evaluate(places)
    hover_query(page, 5)
    assert page.evaluate(places) == before
    page.mouse.down()
    page.mouse.up()
    left, width = column(page, "src")
    box = area(page).bounding_box()
    assert box is not None
    page.mouse.move(left + width / 2, box["y"] + HEAD_ROW + 3.5 * ROW)
    assert page.evaluate(places) == before


def test_of_a_long_sequence_only_the_rows_in_sight_move_and_the_strongest_sources_come_into_sight(
    open_page: Opener,
) -> None:
    page = open_page(fixture_page("lines-500-tokens"))
    wait_drawn(page)
    area(page).focus()
    for _ in range(30):
        page.keyboard.press("PageDown")
    page.keyboard.press("Enter")
    top = area(page).evaluate("element => element.scrollTop")
    assert top > 250 * ROW
    expect(area(page).locator(".label.q")).to_be_in_viewport()
    page.keyboard.press("s")
    expect(page.get_by_test_id("order").get_by_label("Probability")).to_be_checked()
    page.wait_for_function("element => element.scrollTop === 0", arg=area(page).element_handle())
    page.keyboard.press("ArrowDown")
    first = re.search(r"source (\d+) .*probability = ([\d.]+)", status(page))
    description = status(page)
    page.keyboard.press("ArrowDown")
    second = re.search(r"probability = ([\d.]+)", status(page))
    assert first is not None and second is not None, description
    assert float(first.group(2)) >= float(second.group(1)) > 0
