"""text_neuron_activations in a browser: values of any neuron read back, keyboard, color range, pages, long texts."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis.activations import text_neuron_activations
from playwright.sync_api import Page, expect

from e2e import sample_page
from e2e.conftest import Opener
from e2e.idle import wait_idle, wait_painted
from e2e.pages import fixture_page, focused
from e2e.sample_page import backgrounds, choose_range, field, texts, ticks, type_into, values
from scripts.fixtures.sample_figures import TEXTS, activations

Array = npt.NDArray[np.float32]
ARRAYS = [activations(len(text), 3, 20, 80 + i) for i, text in enumerate(TEXTS)]
"""Of the fixture "activations-7-samples"."""


def open_samples(open_page: Opener, **options: Any) -> Page:
    page = open_page(fixture_page("activations-7-samples"), **options)
    wait_idle(page)
    return page


def check(page: Page, layer: int, neuron: int, first: int = 0) -> None:
    """The texts on the page show that neuron, to the digits that they print."""
    shown = texts(page)
    for i in range(shown.count()):
        true = ARRAYS[first + i][:, layer, neuron]
        largest = max(float(np.abs(array[:, layer, neuron]).max()) for array in ARRAYS)
        np.testing.assert_allclose(
            values(shown.nth(i)), true, atol=0.51 * 1.0001 * largest / 32767 + 0.0005 * max(largest, 0.1)
        )


def test_the_values_of_any_neuron_are_those_that_were_passed(open_page: Opener) -> None:
    page = open_samples(open_page)
    expect(texts(page)).to_have_count(5)
    check(page, 0, 0)
    type_into(page, "inner-select", "17")
    check(page, 0, 17)
    type_into(page, "outer-select", "1.mlp")
    expect(field(page, "outer-select")).to_have_value("blocks.1.mlp")
    check(page, 2, 17)
    page.get_by_test_id("page-select").get_by_label("Next: Samples").click()
    expect(texts(page)).to_have_count(2)
    check(page, 2, 17, first=5)
    expect(page.get_by_role("heading", name="copy")).to_be_visible()


def test_everything_is_reached_by_the_keyboard_alone(open_page: Opener) -> None:
    page = open_samples(open_page)
    seen = []
    for _ in range(15):
        page.keyboard.press("Tab")
        seen.append(focused(page))
    assert list(dict.fromkeys(seen))[:7] == [
        "export-button", "outer-select", "inner-select", "color-range", "page-select", "page-size", "sample-text 0",
    ]  # fmt: skip
    field(page, "inner-select").focus()
    for key in ("ArrowDown", "ArrowDown", "End", "ArrowUp", "Home", "PageDown"):
        page.keyboard.press(key)
    wait_idle(page)
    expect(field(page, "inner-select")).to_have_value("10")
    check(page, 0, 10)
    field(page, "inner-select").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.type("19")  # replaces what the field shows, as its text is marked
    page.keyboard.press("Tab")  # leaving the field chooses what is typed in full
    wait_idle(page)
    check(page, 0, 19)


def test_a_pinned_token_stays_while_neurons_are_compared_and_escape_releases_it(open_page: Opener) -> None:
    page = open_samples(open_page)
    token = texts(page).nth(1).locator("[data-index='4']")
    token.click()
    expect(token).to_have_attribute("aria-pressed", "true")
    type_into(page, "inner-select", "7")
    tip = page.get_by_test_id("sample").nth(1).locator(".value")
    expect(tip).to_have_count(0)  # the Escape that left the field released it
    token.click()
    page.get_by_test_id("inner-select").get_by_label("Next: Feature").click()
    wait_idle(page)
    assert float(tip.inner_text()) == pytest.approx(float(ARRAYS[1][4, 0, 8]), abs=1e-3)
    page.keyboard.press("Escape")
    expect(tip).to_have_count(0)


def test_the_color_range_is_of_the_figure_or_of_the_neuron(open_page: Opener) -> None:
    page = open_samples(open_page)
    everything = max(float(np.abs(array).max()) for array in ARRAYS)
    assert float(ticks(page)[-1]) == pytest.approx(everything, rel=0.01)
    whole = backgrounds(texts(page).nth(0))
    choose_range(page, "this feature")
    neuron = max(float(np.abs(array[:, 0, 0]).max()) for array in ARRAYS)
    assert float(ticks(page)[-1]) == pytest.approx(neuron, rel=0.01)
    assert backgrounds(texts(page).nth(0)) != whole
    type_into(page, "inner-select", "3")  # a dead neuron
    assert set(backgrounds(texts(page).nth(0))) == {"rgb(255, 255, 255)"}
    assert set(values(texts(page).nth(0))) == {0.0}
    choose_range(page, "whole figure")
    type_into(page, "inner-select", "0")
    assert backgrounds(texts(page).nth(0)) == whole


def test_ten_thousand_neurons_are_chosen_without_ten_thousand_options(open_page: Opener) -> None:
    array = np.arange(20_000, dtype=np.float32).reshape(2, 1, 10_000)
    page = open_page(text_neuron_activations(["a", " b"], array).data)
    wait_idle(page)
    type_into(page, "inner-select", "9876")
    np.testing.assert_allclose(values(texts(page).first), [9876, 19876], atol=1)
    field(page, "inner-select").click()
    options = page.get_by_role("option")
    assert 10 <= options.count() <= 30
    expect(page.get_by_role("option", name="9876", exact=True)).to_be_in_viewport()
    page.get_by_role("listbox").evaluate("list => (list.scrollTop = 0)")
    expect(page.get_by_role("option", name="0", exact=True)).to_be_in_viewport()
    page.get_by_role("option", name="2", exact=True).click()
    wait_idle(page)
    np.testing.assert_allclose(values(texts(page).first), [2, 10_002], atol=0.5)


def test_the_next_neuron_is_painted_in_the_next_frame(open_page: Opener) -> None:
    """Its group is decoded already: nothing waits."""
    page = open_page(fixture_page("activations-500-tokens"))
    wait_idle(page)
    text = texts(page).first
    before = backgrounds(text)
    page.get_by_test_id("inner-select").get_by_label("Next: Neuron").click()
    wait_painted(page)
    assert len(backgrounds(text)) == 500
    assert backgrounds(text) != before
    elements = text.locator("[data-index]").first.element_handle()
    page.get_by_test_id("inner-select").get_by_label("Next: Neuron").click()
    wait_painted(page)
    assert elements.evaluate("(element) => element.isConnected")  # tokens are repainted, not made again


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1600])
def test_hostile_texts_and_labels_are_text_at_any_width(scheme: str, width: int, open_page: Opener) -> None:
    page = open_page(fixture_page("activations-hostile"), width=width, color_scheme=scheme)
    wait_idle(page)
    expect(texts(page)).to_have_count(2)
    assert page.locator("section.figure b, .samples i, .number-select i").count() == 0
    type_into(page, "inner-select", "שלום")
    expect(field(page, "inner-select")).to_have_value("שלום")
    field(page, "inner-select").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("Escape")
    type_into(page, "inner-select", "1")
    assert all(np.isnan(values(texts(page).nth(i))).all() for i in range(2))
    expect(page.get_by_test_id("legend")).to_contain_text("no value")
    expect(page.get_by_test_id("sample").first).to_contain_text("no values")


def test_one_text_has_no_box_no_name_and_no_pages(open_page: Opener) -> None:
    page = open_page(fixture_page("activations-1-sample"))
    wait_idle(page)
    expect(texts(page)).to_have_count(1)
    assert page.get_by_role("heading").count() == page.get_by_test_id("page-size").count() == 0
    assert sample_page.values(texts(page).first)[0] == pytest.approx(
        float(activations(17, 2, 12, 71)[0, 0, 0]), abs=1e-3
    )
