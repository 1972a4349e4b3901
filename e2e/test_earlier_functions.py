"""attention_heads and attention_pattern on the page: values, colors of the user's own, pins that can be released, no axis labels."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from circuitsvis.attention import attention_heads, attention_pattern, attention_patterns
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.pages import focused, open_fixture
from e2e.reading import show_head, values, wait_drawn
from e2e.test_keyboard import press, tab_to
from e2e.test_values import tolerance
from scripts.fixtures.attention_data import patterns, signed
from scripts.fixtures.tokens import CAT, IOI

RELEASE = "Esc or click to release"

# The middle pixel of each cell of a heatmap, as [r, g, b], row by row.
_COLORS = """(area, [rows, cols]) => {
  const canvas = area.querySelector("canvas");
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  return Array.from({ length: rows * cols }, (_, i) => {
    const [row, col] = [Math.floor(i / cols), i % cols];
    const at = [((col + 0.5) * canvas.width) / cols, ((row + 0.5) * canvas.height) / rows].map(Math.floor);
    return [...copy.getImageData(...at, 1, 1).data].slice(0, 3);
  });
}"""


def colors(page: Page, testid: str, size: int) -> Any:
    """[dest, src, channel] of the large picture."""
    area = page.get_by_test_id(testid)
    return np.array(area.evaluate(_COLORS, [size, size]), dtype=float).reshape(size, size, 3)


def opened(open_page: Opener, figure: Any, **options: Any) -> Page:
    page = open_page(figure.data, **options)
    wait_drawn(page)
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_values_and_colors_of_every_cell(scheme: str, open_page: Opener) -> None:
    """On a straight line from zero's color to the color of the sign, by value; on dark pages a dark color is lightened."""
    size = len(CAT)
    array = signed((2, size, size), 3)
    figure = attention_heads(
        array, CAT, max_value=2, min_value=-2, negative_color="darkorange", positive_color="rgb(90, 36, 145)"
    )
    page = opened(open_page, figure, color_scheme=scheme)
    show_head(page, 1)
    shown = values(page, "heatmap", size, size)
    lower = np.tri(size, dtype=bool)
    assert np.isnan(shown[~lower]).all()
    assert np.abs(shown - array[1])[lower].max() <= tolerance(figure, 0, "standard")
    got = colors(page, "heatmap", size)
    zero = np.array([255, 255, 255] if scheme == "light" else [28, 31, 37])
    for cell in np.argwhere(lower):
        value = array[1][tuple(cell)]
        if value > 0 and scheme == "dark":
            continue
        end = np.array([90, 36, 145] if value > 0 else [255, 140, 0])
        want = zero + (end - zero) * min(abs(value) / 2, 1)
        assert np.abs(got[tuple(cell)] - want).max() <= 2, (cell, value)
    strongest = got[np.unravel_index(np.where(lower, array[1], 0).argmax(), lower.shape)]
    assert (strongest.sum() > 300) == (scheme == "dark")
    ticks = page.locator(".ticks span")
    assert ticks.all_text_contents() == ["-2", "0", "2"]


def test_a_positive_color_is_that_of_all_heads(open_page: Opener) -> None:
    page = opened(open_page, attention_heads(patterns(3, len(CAT), 1), CAT, positive_color="green"))
    for head in range(3):
        show_head(page, head)
        shown, got = values(page, "heatmap", len(CAT), len(CAT)), colors(page, "heatmap", len(CAT))
        at = np.unravel_index(np.nanargmax(shown), shown.shape)
        assert got[at][1] > got[at][0] + 60 and abs(got[at][0] - got[at][2]) < 3


@pytest.mark.parametrize("width", [1200, 360])
def test_a_pinned_head_is_released_by_click_by_esc_and_by_the_keyboard(width: int, open_page: Opener) -> None:
    page = opened(open_page, attention_heads(patterns(4, len(CAT), 2), CAT), width=width)
    status, heads = page.get_by_test_id("head-status"), page.get_by_test_id("head")
    expect(status).to_have_text("Head 0 · click its thumbnail to pin it")
    heads.nth(2).click()
    expect(status).to_have_text(f"Head 2 · pinned; {RELEASE}")
    heads.nth(1).hover()
    expect(status).to_contain_text("Head 2")
    heads.nth(2).click()
    expect(status).not_to_contain_text("pinned;")
    heads.nth(1).hover()
    expect(status).to_contain_text("Head 1")
    heads.nth(3).click()
    page.keyboard.press("Escape")
    expect(status).not_to_contain_text("pinned;")
    page.mouse.move(2, 2)
    heads.nth(0).focus()
    press(page, "ArrowRight", "Enter")
    expect(status).to_have_text(f"Head 1 · pinned; {RELEASE}")
    press(page, "Enter")
    expect(status).not_to_contain_text("pinned;")


@pytest.mark.parametrize("width", [1200, 360])
def test_a_pinned_token_is_released_by_click_by_esc_and_by_the_keyboard(width: int, open_page: Opener) -> None:
    page = opened(open_page, attention_heads(patterns(4, len(CAT), 2), CAT), width=width)
    status = page.get_by_test_id("token-status")
    tokens = page.get_by_test_id("token-strip").locator("[data-index]")
    assert tokens.count() == len(CAT)
    tokens.nth(4).click()
    expect(status).to_have_text(re.compile(rf"^Pinned; {RELEASE}\. Head 0: destination 4 .* attends most to"))
    tokens.nth(4).click()
    expect(status).not_to_contain_text("Pinned")
    tokens.nth(5).click()
    page.keyboard.press("Escape")
    expect(status).not_to_contain_text("Pinned")
    page.mouse.move(2, 2)
    tab_to(page, "head")
    tab_to(page, "token-strip")
    press(page, "Home", "ArrowRight", "Enter")
    expect(status).to_contain_text(f"Pinned; {RELEASE}. Head 0: destination 1 ")
    press(page, "Enter")
    expect(status).not_to_contain_text("Pinned")


@pytest.mark.parametrize("width", [1200, 360])
def test_without_axis_labels_the_heatmap_stands_alone(width: int, open_page: Opener) -> None:
    page = open_fixture(open_page, "large-pattern-bare", width=width)
    expect(page.get_by_test_id("head-status")).to_have_text("Attention pattern")
    assert page.get_by_text("Destination (query)", exact=True).count() == 0
    assert page.get_by_test_id("head").count() == 0
    heatmap = page.get_by_test_id("heatmap")
    box = heatmap.bounding_box()
    assert box is not None and box["x"] < 30 and box["x"] + box["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    tab_to(page, "heatmap")
    assert focused(page) == "heatmap"
    press(page, "ArrowDown", "ArrowDown", "Enter")
    expect(page.get_by_test_id("status")).to_contain_text(f"Pinned; {RELEASE}. Attention pattern, destination 1 ")
    labelled = opened(open_page, attention_pattern(CAT, patterns(1, len(CAT), 4)[0]), width=width)
    assert labelled.get_by_text("Source (key)", exact=True).count() == 1


def test_attention_patterns_show_all_heads_blended(open_page: Opener) -> None:
    array = patterns(6, len(IOI), 5)
    figure = attention_patterns(IOI, array)
    page = opened(open_page, figure)
    expect(page.get_by_test_id("head-status")).to_have_text("All heads · hover one, click to pin it")
    show_head(page, 4)
    shown = values(page, "overview", len(IOI), len(IOI))
    lower = np.tri(len(IOI), dtype=bool)
    assert np.abs(shown - array[4])[lower].max() <= tolerance(figure, 0, "standard") and np.isnan(shown[~lower]).all()
