"""Named spans collapsed to one row and column: their values against loops, opened and collapsed again, by mouse and keyboard."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import cell_centre, open_fixture
from e2e.reading import show_head, status_texts, values, wait_drawn
from tests.support import reference
from tests.support.caches import cache, model, softmax_patterns, words

Slots = list[tuple[int, int]]
AREAS = {"small": "overview", "large": "heatmap"}
SPANS = {"first": (1, 4), "last": (5, 8)}
COLLAPSED: Slots = [(0, 1), (1, 4), (4, 5), (5, 8)]
N = 8


def by_loops(shown: reference.Float64, rows: Slots, cols: Slots) -> reference.Float64:
    """The mean over the queries of the sum over the keys, of [dest, src] with NaN where there is no value."""
    out = np.full((len(rows), len(cols)), np.nan)
    for i, (first, end) in enumerate(rows):
        queries = [q for q in range(first, end) if not all(np.isnan(x) for x in shown[q])]
        for j, (start, stop) in enumerate(cols):
            cells = [float(shown[q, k]) for q in queries for k in range(start, stop) if not np.isnan(shown[q, k])]
            if cells:
                out[i, j] = sum(cells) / len(queries)
    return out


def agree(got: reference.Float64, want: reference.Float64) -> None:
    np.testing.assert_array_equal(np.isnan(got), np.isnan(want))
    np.testing.assert_allclose(np.nan_to_num(got), np.nan_to_num(want), rtol=0, atol=6e-4)


def drawn(open_page: Opener, figure: Any, **options: Any) -> Page:
    page = open_page(figure.data, **options)
    wait_drawn(page)
    return page


@pytest.mark.parametrize("mode", ["small", "large"])
def test_collapsed_values_are_means_of_sums_in_all_three_types(mode: Any, open_page: Opener) -> None:
    figure = cv.attention.from_cache(cache(1, 2, n=N), words(N), mode=mode, model=model(1, 2), spans=SPANS)
    page = drawn(open_page, figure)
    show_head(page, 1)
    for attention_type in ("standard", "value-weighted", "info-weighted"):
        page.get_by_test_id("attention-type").get_by_text(attention_type.capitalize(), exact=True).click()
        want = by_loops(reference.shown(figure, 0, attention_type)[1], COLLAPSED, COLLAPSED)
        agree(values(page, AREAS[mode], 4, 4), want)
        if attention_type == "standard":
            np.testing.assert_allclose(np.nansum(want, axis=1), 1, atol=1e-4)
    texts = status_texts(page, AREAS[mode], 4, 4)
    assert "first (3 tokens), mean over 3 queries of the sum over 3 keys: 0." in texts[5]
    assert "masked" in texts[7]


@pytest.mark.parametrize("kind", ["cross", "some positions", "missing"])
def test_rectangles_and_missing_values(kind: str, open_page: Opener) -> None:
    pattern = softmax_patterns((1, N, N), causal=kind != "cross")
    rows: Slots = COLLAPSED
    if kind == "missing":
        pattern[0, 2] = np.nan
        pattern[0, 6, 1] = np.nan
        figure = cv.attention.from_values(pattern, words(N), "large", spans=SPANS)
    elif kind == "cross":
        rows = [(i, i + 1) for i in range(4)]
        figure = cv.attention.from_values(
            pattern[:, :4], mode="large", dest_tokens=list("abcd"), src_tokens=words(N), spans=SPANS
        )
    else:
        data = {"blocks.0.attn.hook_pattern": pattern[:, 2:]}
        rows = [(0, 2), (2, 3), (3, 6)]
        figure = cv.attention.from_cache(data, words(N)[2:], src_tokens=words(N), mode="large", spans=SPANS)
    page = drawn(open_page, figure)
    want = by_loops(reference.shown(figure)[0], rows, COLLAPSED)
    agree(values(page, "heatmap", len(rows), 4), want)


def test_the_overview_ranks_heads_by_their_collapsed_values(open_page: Opener) -> None:
    figure = cv.attention.from_values(softmax_patterns((3, N, N)), words(N), spans=SPANS)
    page = drawn(open_page, figure)
    want = np.array([by_loops(head, COLLAPSED, COLLAPSED) for head in reference.shown(figure)])
    agree(values(page, "overview", 4, 4), np.max(want, axis=0))
    for index, text in enumerate(status_texts(page, "overview", 4, 4)):
        row, col = divmod(index, 4)
        if not np.isnan(want[0, row, col]):
            assert f"strongest Head {np.argmax(want[:, row, col])}," in text


def test_a_span_opens_and_collapses_by_its_name_and_by_its_button(open_page: Opener) -> None:
    page = open_fixture(open_page, "large-spans-signed")
    area = page.get_by_test_id("heatmap")
    whole = area.bounding_box()
    assert whole is not None
    labels = page.get_by_test_id("span-label")
    expect(labels).to_have_count(4)  # two spans on two sides
    page.locator("[data-testid=axis-cols] button").first.click()
    expect(labels).to_have_count(2)
    button = page.get_by_test_id("spans").get_by_role("button", name="names (5 tokens)")
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(labels).to_have_count(4)
    again = area.bounding_box()
    assert again == whole
    texts = page.get_by_test_id("token-strip").get_by_role("button").all_inner_texts()
    assert ["".join(text.splitlines()) for text in texts][1:4] == ["names (5 tokens)", "·to6", "shops (3 tokens)"]


def test_the_keyboard_alone_opens_a_span_and_collapses_it(open_page: Opener) -> None:
    page = open_fixture(open_page, "large-spans")
    label = page.locator("[data-testid=axis-rows] button").first
    label.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("span-label")).to_have_count(2)
    button = page.get_by_test_id("spans").get_by_role("button").first
    button.focus()
    page.keyboard.press("Space")
    expect(page.get_by_test_id("span-label")).to_have_count(4)
    expect(button).to_be_focused()


def test_what_is_pinned_is_released_where_its_row_is_gone(open_page: Opener) -> None:
    page = open_fixture(open_page, "large-spans-signed")
    area = page.get_by_test_id("heatmap")
    area.click(position=cell_centre(area, 8, 2, 11, 11))
    expect(page.get_by_test_id("status")).to_contain_text("Pinned")
    page.get_by_test_id("spans").get_by_role("button").first.click()
    page.mouse.move(0, 0)
    expect(page.get_by_test_id("status")).not_to_contain_text("Pinned")


def test_each_sequence_has_its_own_spans(open_page: Opener) -> None:
    page = open_fixture(open_page, "large-spans")
    for sequence, names in [
        (1, ["all but the first (16 tokens)"]), (2, []), (0, ["names (5 tokens)", "shops (3 tokens)"]),
    ]:  # fmt: skip
        page.get_by_test_id("batch-selector").get_by_role("combobox").click()
        page.get_by_role("option").nth(sequence).click()
        wait_idle(page)
        assert page.get_by_test_id("spans").get_by_role("button").all_inner_texts() == names


@pytest.mark.parametrize("mode", ["small", "large"])
def test_400_of_500_tokens_as_one_row(mode: str, open_page: Opener) -> None:
    page = open_fixture(open_page, f"{mode}-spans-500-tokens")
    show_head(page, 0)
    area = page.get_by_test_id(AREAS[mode])
    box = area.bounding_box()
    assert box is not None and abs(box["width"] / 101 - round(box["width"] / 101)) < 0.02
    area.hover(position=cell_centre(area, 60, 4, 101, 101))
    expect(page.locator(".tip")).to_contain_text("image (400 tokens)")
    expect(page.locator(".tip")).to_contain_text("sum over 400 keys")
    page.mouse.move(0, 0)
    page.get_by_test_id("spans").get_by_role("button").click()
    wait_idle(page)
    area.hover(position=cell_centre(area, 60, 4, 500, 500))
    expect(page.locator(".tip")).not_to_contain_text("sum over")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1400])
@pytest.mark.parametrize("name", ["large-spans", "small-spans", "large-spans-hostile", "large-spans-500-tokens"])
def test_spans_fit_narrow_and_wide_pages(name: str, width: int, scheme: str, open_page: Opener) -> None:
    page = open_fixture(open_page, name, width=width, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for button in page.get_by_test_id("spans").get_by_role("button").all():
        button.click()
    wait_idle(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
