"""The text that "Copy as Python" gives is run, with the names that it uses bound, and shows the same again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Page

from e2e.conftest import Opener
from e2e.export_menu import CLIPBOARD, copied, open_menu
from e2e.idle import wait_idle
from e2e.pages import cell_centre, leave
from tests.support.caches import softmax_patterns, words

N = 7
TOKENS = [words(N), words(N)]
ATTENTION = softmax_patterns((2, 3, N, N))
NAMES: dict[str, Any] = {
    "cv": cv,
    "attention": ATTENTION,
    "tokens": TOKENS,
    "values": np.linspace(-1, 1, N),
}


def _cell(page: Page, testid: str) -> None:
    area = page.get_by_test_id(testid)
    area.click(position=cell_centre(area, 5, 2, N, N))


def _small(page: Page) -> None:
    page.get_by_test_id("head").nth(2).click()
    _cell(page, "overview")


def _small_without_head(page: Page) -> None:
    _cell(page, "overview")


def _large(page: Page) -> None:
    page.get_by_test_id("head").nth(1).click()
    _cell(page, "heatmap")


def _released(page: Page) -> None:
    page.get_by_test_id("overview").press("Escape")


def _other(page: Page) -> None:
    page.get_by_test_id("heatmap").press("Escape")
    _large(page)


def _sequence(page: Page) -> None:
    page.get_by_test_id("batch-selector").get_by_role("radio").nth(1).check()
    page.get_by_test_id("head").nth(1).click()


def _source_token(page: Page) -> None:
    page.get_by_test_id("direction").get_by_text("Destination ← Source").click()
    page.get_by_test_id("token-strip").get_by_role("button").nth(3).click()


def _lines(page: Page) -> None:
    page.get_by_test_id("lines").click(position={"x": 20, "y": 36 + 22 * 4 + 8})


def _switches(page: Page) -> None:
    page.get_by_test_id("transform").get_by_text("Square root").click()
    page.get_by_test_id("hide").get_by_text("Sinks").click()
    page.get_by_test_id("renormalize").check()


def _changed_switches(page: Page) -> None:
    page.get_by_test_id("transform").get_by_text("Log").click()
    page.get_by_test_id("hide").get_by_text("First token").click()
    page.get_by_test_id("renormalize").uncheck()


def _shown_again(page: Page) -> None:
    page.get_by_test_id("hide").get_by_text("Nothing").click()


CASES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "small, a head and a cell": ("cv.attention.from_values(attention, tokens)", _small),
    "small, a cell of all heads": (
        'cv.attention.from_values(attention, tokens, title="A \\"title\\"")',
        _small_without_head,
    ),
    "large, a head and a cell": ('cv.attention.from_values(attention, tokens, "large", help=True)', _large),
    "another sequence": ('cv.attention.from_values(attention, tokens, "large", radioitems=True)', _sequence),
    "other than at first": (
        'cv.attention.from_values(attention, tokens, "large", focus={"head": 2, "dest": 1})',
        _other,
    ),
    "what is released": ('cv.attention.from_values(attention, tokens, focus={"head": 2, "dest": 1})', _released),
    "a source token": ('cv.attention.from_values(attention, tokens, max_value=0.5, mode="large")', _source_token),
    "a query of lines": ('cv.attention.from_values(attention, tokens, mode="lines", display_mode="light")', _lines),
    "switches": ("cv.attention.from_values(attention, tokens)", _switches),
    "switches of lines": (
        'cv.attention.from_values(attention, tokens, mode="lines", hide="sinks", renormalize=True)',
        _changed_switches,
    ),
    "switches that are off": (
        'cv.attention.from_values(attention, tokens, "large", color_scale="sqrt", hide="first", renormalize=True)',
        _shown_again,
    ),
    "attention_heads": ("cv.attention.attention_heads(attention[0], tokens[0], max_value=0.5)", _large),
}


@pytest.mark.parametrize("case", CASES)
def test_the_copied_call_shows_the_same(open_page: Opener, case: str) -> None:
    text, act = CASES[case]
    page = open_page(_run(text).data, **CLIPBOARD)
    wait_idle(page)
    act(page)
    leave(page)
    wait_idle(page)
    before = _shown(page)
    open_menu(page)
    call = copied(page, "copy-python")
    names = {"attention": ATTENTION[0], "tokens": TOKENS[0]} if case == "attention_heads" else {}
    again = open_page(_run(call, **names).data)
    wait_idle(again)
    assert _shown(again) == before, call
    assert "#" not in call


def test_ends_of_the_colors_are_copied(open_page: Opener) -> None:
    page = open_page(_run("cv.tokens.colored_tokens(tokens[0], values)").data, **CLIPBOARD)
    page.get_by_test_id("range").get_by_role("textbox").last.fill("0.25")
    open_menu(page)
    call = copied(page, "copy-python")
    assert "max_value=0.25" in call
    assert _run(call, tokens=TOKENS[0])._props.kinds[0].value_range[1] == 0.25


def test_what_no_argument_sets_is_said_in_a_comment(open_page: Opener) -> None:
    page = open_page(_run("cv.attention.from_values(attention, tokens, mode='lines')").data, **CLIPBOARD)
    page.get_by_test_id("expand").click()
    open_menu(page)
    assert copied(page, "copy-python").endswith("# then chosen on the page: lines only")


def _run(text: str, **names: Any) -> Any:
    """The figure of an expression in Python."""
    return eval(text, {**NAMES, **names})  # noqa: S307  # what is tested


def _shown(page: Page) -> list[str]:
    """What is pinned and drawn: sentences, and the picture."""
    ids = ("head-status", "status", "token-status", "overview", "heatmap", "lines")
    picture = "all => all.map(one => one.querySelector('canvas')?.toDataURL() ?? one.textContent.trim())"
    return [text for one in ids for text in page.get_by_test_id(one).evaluate_all(picture)]
