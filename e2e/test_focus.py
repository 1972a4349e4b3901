"""focus=: a figure starts with what was chosen, pinned, and a reader releases it."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import circuitsvis as cv
import pytest
from circuitsvis._wire.props.attribution import AttributionViewProps
from circuitsvis._wire.props.focus import Focus
from circuitsvis.figure import Figure
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.pages import text
from e2e.reading import wait_drawn
from scripts.fixtures.catalogue import FIGURES
from tests.support.caches import softmax_patterns, words

PATTERNS = softmax_patterns((2, 4, 7, 7), seed=5)


def opened(open_page: Opener, mode: Any, focus: Any, **options: Any) -> Page:
    figure = cv.attention.from_values(PATTERNS, [words(7), words(7)[::-1]], mode, focus=focus, **options)
    assert figure is not None
    page = open_page(figure.data)
    wait_drawn(page)
    return page


@pytest.mark.parametrize("mode", ["small", "large"])
def test_a_focus_on_a_cell_pins_head_cell_and_sequence(open_page: Opener, mode: str) -> None:
    page = opened(open_page, mode, {"head": 2, "dest": 5, "src": 3, "sequence": 1})
    expect(page.get_by_test_id("head-status" if mode == "small" else "heatmap").first).to_be_visible()
    expect(page.locator("[data-testid=head][aria-pressed=true]")).to_have_attribute("data-head", "Head 2")
    status = page.get_by_test_id("status")
    expect(status).to_contain_text(re.compile("pinned", re.I))
    expect(status).to_contain_text(f"{PATTERNS[1, 2, 5, 3]:.4f}")
    tokens = words(7)[::-1]
    assert all(token.strip() in text(page, "status") for token in (tokens[5], tokens[3]))
    page.get_by_test_id("direction").get_by_role("radio").first.press("Escape")
    expect(status).not_to_contain_text(re.compile("pinned", re.I))
    expect(page.locator("[data-testid=head][aria-pressed=true]")).to_have_count(0)


@pytest.mark.parametrize("mode", ["small", "large"])
@pytest.mark.parametrize(("side", "position"), [("dest", 6), ("src", 2)])
def test_a_focus_on_a_token_pins_it_in_its_direction(open_page: Opener, mode: str, side: str, position: int) -> None:
    page = opened(open_page, mode, {side: position})
    chosen = page.get_by_test_id("token-strip").locator("[aria-pressed=true]")
    expect(chosen).to_have_attribute("data-index", str(position))
    expect(page.get_by_test_id("token-status")).to_contain_text("attends" if side == "dest" else "attended")


def test_a_focus_in_lines_chooses_head_query_and_source(open_page: Opener) -> None:
    page = opened(open_page, "lines", {"head": 3, "dest": 6, "src": 4, "sequence": 1})
    expect(page.get_by_test_id("head-status")).to_contain_text("Head 3")
    status = page.get_by_test_id("status")
    expect(status).to_contain_text("Query 6 ")
    expect(status).to_contain_text(f"{PATTERNS[1, 3, 6, 4]:.4f}")


def test_a_focus_on_a_token_of_a_collapsed_span_chooses_the_span(open_page: Opener) -> None:
    page = opened(open_page, "large", {"dest": 6, "src": 2}, spans={"middle": (1, 4)})
    expect(page.get_by_test_id("status")).to_contain_text(re.compile("middle.*pinned|pinned.*middle", re.I))


def attribution(open_page: Opener, name: str, focus: Focus) -> Page:
    props = FIGURES[name]()._props
    assert isinstance(props, AttributionViewProps)
    page = open_page(Figure(dataclasses.replace(props, focus=focus)).data)
    wait_drawn(page)
    return page


def test_a_focus_in_an_attribution_chooses_component_cell_and_destination(open_page: Opener) -> None:
    page = attribution(open_page, "attribution-small", Focus(0, 5, 7, 4))
    expect(page.locator("[data-testid=head][aria-pressed=true]")).to_have_attribute("data-head", "1.1")
    expect(page.get_by_test_id("status")).to_contain_text(re.compile("pinned", re.I))
    strip = page.get_by_test_id("token-strip").locator("[aria-pressed=true]")
    expect(strip).to_have_attribute("data-index", "7")


def test_a_focus_on_a_part_of_an_attribution_chooses_its_bar(open_page: Opener) -> None:
    props = FIGURES["attribution-small"]()._props
    assert isinstance(props, AttributionViewProps)
    number = len(props.heads)
    page = attribution(open_page, "attribution-small", Focus(0, number, None, None))
    bar = page.get_by_test_id("components").locator("[aria-pressed=true]")
    expect(bar).to_have_attribute("data-component", str(number))
