"""Up to a thousand heads: those in sight are made, all can be reached, and none pushes the picture away."""

from __future__ import annotations

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import cell_centre, focused, settled
from e2e.reading import head_is_drawn, wait_drawn
from tests.support.caches import softmax_patterns, words


def test_of_a_thousand_heads_those_in_sight_are_made_and_all_are_reached(open_page: Opener) -> None:
    values = np.tile(softmax_patterns((8, 12, 12)), (128, 1, 1))
    figure = cv.attention.from_values(values, words(12))
    page = open_page(figure.data)
    wait_drawn(page)
    heads = page.get_by_test_id("head")
    heads.first.focus()
    expect(heads.nth(100)).to_be_attached()
    wait_idle(page)  # all heads in sight have been mounted
    assert heads.count() < 700
    page.keyboard.press("End")
    assert focused(page) == "head 1023"
    page.keyboard.press("ArrowLeft")
    assert focused(page) == "head 1022"
    page.keyboard.press("Home")
    assert focused(page) == "head 0"
    page.mouse.wheel(0, 100_000)
    page.wait_for_function(
        "() => document.querySelector('[data-circuitsvis] > div').shadowRoot.querySelectorAll('[data-index]').length > 300"
    )
    assert head_is_drawn(page.locator('[data-index="1000"]'))


def test_from_the_last_of_a_thousand_heads_the_arrow_up_goes_to_the_row_above(open_page: Opener) -> None:
    figure = cv.attention.from_values(np.tile(softmax_patterns((8, 12, 12)), (128, 1, 1)), words(12))
    page = open_page(figure.data)
    wait_drawn(page)
    page.get_by_test_id("head").first.focus()
    page.keyboard.press("End")
    assert focused(page) == "head 1023"
    page.keyboard.press("ArrowUp")
    above = int(focused(page).removeprefix("head "))
    assert 1023 - 64 < above < 1023


@pytest.mark.parametrize("width", [700, 1280])
def test_a_thousand_heads_above_a_picture_do_not_push_it_out_of_sight(width: int, open_page: Opener) -> None:
    values = np.tile(softmax_patterns((8, 12, 12)), (128, 1, 1))
    figure = cv.attention.from_values(values, words(12), mode="large")
    page = open_page(figure.data, width=width)
    wait_drawn(page)
    expect(page.locator(".grid")).not_to_have_css("mask-image", "none")  # a shade shows that the grid can be scrolled
    page.get_by_test_id("head").nth(9).hover()
    expect(page.get_by_test_id("head-status")).to_contain_text("Head 9")
    box = page.get_by_test_id("heatmap").bounding_box()
    assert box is not None and box["y"] < 750
    page.get_by_test_id("head").first.focus()
    page.keyboard.press("End")
    assert focused(page) == "head 1023"
    last = page.locator('[data-index="1023"]')
    expect(last).to_be_in_viewport()
    expect(page.locator(".grid")).to_have_css("mask-image", "none")
    assert head_is_drawn(last)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Home")
    for _ in range(20):
        page.keyboard.press("ArrowDown")
        grid, head = (page.locator(name).bounding_box() for name in (".grid", "button:focus"))
        assert grid is not None and head is not None
        assert head["y"] + head["height"] <= grid["y"] + grid["height"] - 39  # not below the shade


def test_the_focus_stays_on_its_head_as_the_window_becomes_narrower(open_page: Opener) -> None:
    figure = cv.attention.from_values(np.tile(softmax_patterns((8, 12, 12)), (128, 1, 1)), words(12), mode="large")
    page = open_page(figure.data, width=1300)
    wait_drawn(page)
    page.get_by_test_id("head").first.focus()
    page.keyboard.press("End")
    for width in (1250, 1100, 700):
        page.set_viewport_size({"width": width, "height": 900})
        wait_idle(page)
        assert focused(page) == "head 1023"


@pytest.mark.parametrize("mode", ["small", "large"])
def test_a_layer_of_few_heads_takes_no_more_room_than_they_need(mode: str, open_page: Opener) -> None:
    pattern = {
        f"blocks.{layer}.attn.hook_pattern": softmax_patterns((1, 12, 10, 10)).astype(np.float32) for layer in range(4)
    }
    chosen = [(0, head) for head in range(12)] + [(layer, 3) for layer in (1, 2, 3)]
    figure = cv.attention.from_cache(pattern, words(10), heads=chosen, mode=mode)  # type: ignore[call-overload]  # a text of two
    assert isinstance(figure, cv.Figure)
    page = open_page(figure.data, width=1300)
    wait_drawn(page)
    groups = [group.bounding_box() for group in page.locator(".group").all()]
    heads = [head.bounding_box() for head in page.get_by_test_id("head").all()]
    assert [group and round(group["width"]) for group in groups[1:]] == [
        head and round(head["width"]) for head in heads[12:]
    ]


_COUNT_DECODING = """(() => {
  globalThis.decoded = 0;
  globalThis.DecompressionStream = class extends DecompressionStream {
    constructor(format) {
      super(format);
      globalThis.decoded++;
    }
  };
})()"""


def test_the_overview_of_many_large_heads_comes_to_rest_below_the_mouse(open_page: Opener) -> None:
    n_heads, n = 34, 1000  # more values than are kept decoded for a sequence that is not drawn
    attention = np.zeros((n_heads, n, n), np.float32)
    attention[:, np.arange(n), np.arange(n)[::-1]] = np.linspace(0.5, 1, n_heads)[:, None]
    figure = cv.attention.from_values(attention, [f"t{i}" for i in range(n)])
    page = open_page("<!doctype html>")
    page.evaluate(_COUNT_DECODING)
    page.set_content(figure.data)
    page.wait_for_function(f"decoded > {n_heads}")
    settled(page, "overview")
    area = page.get_by_test_id("overview")
    area.hover(position=cell_centre(area, 400, 599, n, n))
    expect(page.get_by_test_id("status")).to_have_text(
        "destination 400 t400 to source 599 t599: strongest Head 33, 1.0000"
    )
    wait_idle(page)  # never idle if heads are decoded and dropped in turn
