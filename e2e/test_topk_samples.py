"""topk_samples in a browser: the samples of any neuron in order, with their values; keyboard, color range, pages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from circuitsvis.topk_samples import topk_samples
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import fixture_page
from e2e.sample_page import choose_range, field, texts, ticks, type_into, values
from scripts.fixtures.sample_figures import ragged

TOKENS, VALUES = ragged(2, 6, 101)
"""Of the fixture "topk-samples"."""


def open_samples(open_page: Opener, **options: Any) -> Page:
    page = open_page(fixture_page("topk-samples"), **options)
    wait_idle(page)
    return page


def order(layer: int, neuron: int) -> list[int]:
    rows = VALUES[layer][neuron]
    return sorted(range(len(rows)), key=lambda i: -max(rows[i], default=-np.inf))


def check(page: Page, layer: int, neuron: int, first: int = 0) -> None:
    """The page lists these samples: names, maxima, tokens and values."""
    boxes = page.get_by_test_id("sample")
    expected = order(layer, neuron)[first : first + 5]
    expect(boxes).to_have_count(len(expected))
    largest = max(max(row, default=0.0) for row in VALUES[layer][neuron])
    for box, index in zip(boxes.all(), expected, strict=True):
        row = VALUES[layer][neuron][index]
        assert box.get_by_role("heading").inner_text() == f"Sample {index}"
        if not row:
            expect(box).to_contain_text("no tokens")
            continue
        assert float(box.locator("header span").inner_text().removeprefix("max ")) == pytest.approx(
            max(row), abs=0.001 * largest
        )
        np.testing.assert_allclose(values(box.get_by_test_id("sample-text")), row, atol=0.001 * largest)
        shown = box.locator("[data-index]").all_inner_texts()
        assert [text.strip("·↵\n") for text in shown] == [token.strip() for token in TOKENS[layer][neuron][index]]


def test_samples_are_listed_by_their_largest_activation(open_page: Opener) -> None:
    page = open_samples(open_page)
    check(page, 0, 0)
    type_into(page, "inner-select", "2")
    check(page, 0, 2)
    page.get_by_test_id("outer-select").get_by_label("Next: Layer").click()
    wait_idle(page)
    check(page, 1, 2)


def test_the_page_of_the_strongest_samples_comes_first_again_for_another_neuron(open_page: Opener) -> None:
    layer, neuron = next((i, j) for i in range(2) for j in range(5) if len(VALUES[i][j]) > 5)
    page = open_samples(open_page)
    type_into(page, "outer-select", str(layer))
    type_into(page, "inner-select", str(neuron))
    field(page, "page-select").press("ArrowDown")
    wait_idle(page)
    check(page, layer, neuron, first=5)
    type_into(page, "inner-select", str((neuron + 1) % 5))
    check(page, layer, (neuron + 1) % 5)


def test_more_samples_per_page_are_chosen(open_page: Opener) -> None:
    page = open_samples(open_page)
    page.get_by_test_id("page-size").select_option("2")
    expect(texts(page)).to_have_count(2)
    expect(field(page, "page-select")).to_have_value("0\u20131")


def test_a_neuron_without_samples_says_so(open_page: Opener) -> None:
    page = open_samples(open_page)
    field(page, "inner-select").press("End")
    expect(page.get_by_test_id("no-samples")).to_be_visible()
    field(page, "inner-select").press("ArrowUp")
    wait_idle(page)
    check(page, 0, 4)


def test_the_color_range_is_of_the_neuron_first(open_page: Opener) -> None:
    page = open_samples(open_page)
    expect(page.get_by_label("this neuron")).to_be_checked()
    assert float(ticks(page)[-1]) == pytest.approx(max(max(row, default=0) for row in VALUES[0][0]), rel=0.01)
    choose_range(page, "whole figure")
    everything = max(value for layer in VALUES for neuron in layer for row in neuron for value in row)
    assert float(ticks(page)[-1]) == pytest.approx(everything, rel=0.01)


def test_a_value_is_shown_on_hover_and_kept_by_a_click(open_page: Opener) -> None:
    page = open_samples(open_page)
    token = texts(page).first.locator("[data-index='2']")
    token.hover()
    tip = page.get_by_test_id("sample").first.locator(".value")
    assert float(tip.inner_text()) == pytest.approx(VALUES[0][0][order(0, 0)[0]][2], abs=1e-2)
    token.click()
    page.mouse.move(2, 2)
    expect(tip).to_be_visible()
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1600])
def test_hostile_texts_and_labels_are_text_at_any_width(scheme: str, width: int, open_page: Opener) -> None:
    page = open_page(fixture_page("topk-samples-hostile"), width=width, color_scheme=scheme)
    wait_idle(page)
    expect(texts(page)).to_have_count(2)
    assert page.locator("section.figure img, section.figure b").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_last_of_many_neurons_is_in_a_later_block(open_page: Opener) -> None:
    rng = np.random.default_rng(3)
    array = rng.normal(size=(1, 700, 10, 30)).astype(np.float32)
    row = [f" w{i}" for i in range(30)]
    page = open_page(topk_samples([[[row] * 10] * 700], array).data)
    wait_idle(page)
    field(page, "inner-select").press("End")
    wait_idle(page)
    best = int(array[0, 699].max(axis=1).argmax())
    assert page.get_by_test_id("sample").first.get_by_role("heading").inner_text() == f"Sample {best}"
    np.testing.assert_allclose(values(texts(page).first), array[0, 699, best], atol=1e-3)
