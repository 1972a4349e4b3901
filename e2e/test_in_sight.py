"""Picture and thumbnails are in sight together, whatever head is hovered, and no text of any length pushes them apart."""

from __future__ import annotations

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import fixture_page, focused, leave, text
from e2e.reading import head_is_drawn, wait_drawn
from tests.support.caches import softmax_patterns, words

LAPTOP = {"width": 1280, "height": 720}


def model_page(layers: int, heads: int, mode: str, tokens: int = 60) -> str:
    """All heads of a model; the same patterns in each layer."""
    patterns = softmax_patterns((1, heads, tokens, tokens)).astype(np.float32)
    cache = {f"blocks.{layer}.attn.hook_pattern": patterns for layer in range(layers)}
    figure = cv.attention.from_cache(cache, words(tokens), mode=mode)  # type: ignore[call-overload]  # a text of two
    assert isinstance(figure, cv.Figure)
    return figure.data


def picture(page: Page) -> Locator:
    return page.locator("[data-testid=overview], [data-testid=heatmap]").first


def outside(page: Page, *parts: Locator) -> list[str]:
    """What of these parts is not in the window, but for a fraction of a pixel."""
    size = page.viewport_size
    assert size is not None
    sides = []
    for part in parts:
        box = part.bounding_box()
        assert box is not None
        if box["x"] < -1 or box["x"] + box["width"] > size["width"] + 1:
            sides.append(f"{part} across: {box}")
        if box["y"] < -1 or box["y"] + box["height"] > size["height"] + 1:
            sides.append(f"{part} down: {box}")
    return sides


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("mode", ["small", "large"])
def test_144_heads_of_60_tokens_are_in_sight_with_their_picture_on_a_laptop(
    mode: str, scheme: str, open_page: Opener
) -> None:
    page = open_page(model_page(12, 12, mode), color_scheme=scheme, **LAPTOP)
    wait_drawn(page)
    heads = page.get_by_test_id("head")
    expect(heads).to_have_count(144)
    for index in (143, 0, 71):
        heads.nth(index).hover()
        expect(page.get_by_test_id("head-status")).to_contain_text(f"Head {index // 12}.{index % 12} ")
        assert outside(page, picture(page), heads.first, heads.nth(143)) == []
        assert page.evaluate("scrollY") == 0
    assert head_is_drawn(heads.nth(143))


@pytest.mark.parametrize("name", ["attribution-144-heads", "attribution-small", "attribution-large"])
def test_the_heads_of_an_attribution_are_in_sight_with_their_picture(name: str, open_page: Opener) -> None:
    page = open_page(fixture_page(name), **LAPTOP)
    wait_drawn(page)
    heads = page.get_by_test_id("head")
    picture(page).scroll_into_view_if_needed()  # some have a text above
    heads.last.hover()
    expect(page.get_by_test_id("head-status")).to_contain_text(heads.last.get_attribute("data-head") or "")
    assert outside(page, picture(page), heads.first, heads.last) == []


@pytest.mark.parametrize(("layers", "heads"), [(48, 25), (80, 64)])
@pytest.mark.parametrize("mode", ["small", "large"])
def test_a_larger_model_scrolls_in_an_area_no_higher_than_what_is_beside_it(
    mode: str, layers: int, heads: int, open_page: Opener
) -> None:
    page = open_page(model_page(layers, heads, mode, tokens=12), **LAPTOP)
    wait_drawn(page)
    grid = page.locator(".grid")
    page.get_by_test_id("head").first.focus()
    page.keyboard.press("End")
    assert focused(page) == f"head {layers * heads - 1}"
    last = page.locator(f'[data-index="{layers * heads - 1}"]')
    expect(last).to_be_in_viewport()
    assert outside(page, picture(page), grid, last) == []
    assert head_is_drawn(last)
    names = {name: page.locator(".grid").get_by_text(name, exact=True) for name in (f"L{layers - 1}", f"H{heads - 1}")}
    row, column, button = (part.bounding_box() for part in (*names.values(), last))
    assert row is not None and column is not None and button is not None
    assert abs(row["y"] + row["height"] / 2 - button["y"] - button["height"] / 2) < 3
    area = grid.bounding_box()
    assert area is not None and abs(column["y"] - area["y"]) < 6  # the names stay in sight
    if heads == 25:  # else only every n-th column has a name
        assert abs(column["x"] + column["width"] / 2 - button["x"] - button["width"] / 2) < 3
    page.keyboard.press("ArrowUp")
    assert focused(page) == f"head {layers * heads - 1 - heads}"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowDown")
    assert focused(page) == f"head {layers * heads - 2}"


@pytest.mark.parametrize("mode", ["small", "large"])
def test_on_a_telephone_the_thumbnails_follow_the_picture_and_nothing_is_wider(mode: str, open_page: Opener) -> None:
    page = open_page(model_page(12, 12, mode), width=360, height=740)
    wait_drawn(page)
    page.get_by_test_id("head").last.scroll_into_view_if_needed()
    wait_idle(page)
    shown, grid = picture(page).bounding_box(), page.locator(".grid").bounding_box()
    assert shown is not None and grid is not None
    assert shown["y"] + shown["height"] < grid["y"]
    assert grid["height"] <= 310
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 360
    if mode == "small":
        assert outside(page, picture(page), page.locator(".grid")) == []


def test_each_thumbnail_of_a_matrix_is_named_and_pins_its_head(open_page: Opener) -> None:
    page = open_page(model_page(12, 12, "small", tokens=8), **LAPTOP)
    wait_drawn(page)
    page.get_by_role("button", name="Head 9.6", exact=True).click()
    assert text(page, "head-status").startswith("Head 9.6 · pinned")
    page.get_by_role("button", name="Head 9.6, pinned", exact=True).click()
    leave(page)
    expect(page.get_by_test_id("head-status")).to_contain_text("All heads")


@pytest.mark.parametrize("mode", ["small", "large"])
def test_500_tokens_do_not_push_what_follows_beyond_a_screen(mode: str, open_page: Opener) -> None:
    page = open_page(fixture_page(f"{mode}-500-tokens"), **LAPTOP)
    wait_drawn(page)
    strip = page.get_by_test_id("token-strip")
    expect(strip.get_by_role("button")).to_have_count(500)
    box = strip.bounding_box()
    assert box is not None and box["height"] <= 210
    strip.get_by_role("button").first.focus()
    page.keyboard.press("End")
    assert focused(page) == "token-strip 499"
    last, now = strip.get_by_role("button").last.bounding_box(), strip.bounding_box()
    assert last is not None and now is not None
    assert now["y"] <= last["y"] and last["y"] + last["height"] <= now["y"] + now["height"]
