"""Hostile text in every place of every figure: nothing runs, nothing is wider than the page, and what is shown is what was passed."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from circuitsvis import attention
from circuitsvis._page.figure import to_json
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Locator, Page

from e2e.conftest import Opener
from e2e.hostile_figures import N, figures
from e2e.hostile_text import FRAGMENTS, WORST, comparable, is_invisible, shown, texts
from e2e.idle import wait_idle
from e2e.pages import json_page

FORBIDDEN = (
    "script, style:not([id^=svelte]), iframe, object, embed, form, link, base, meta, a, textarea, plaintext, "
    "[onerror], [onload], [onclick], [onfocus]"
)
# Boxes that are wider than the page, and options without a text.
_WIDE = """figures => figures.flatMap((figure) => [...figure.querySelectorAll("*")].filter((e) => {
  let { left, right } = e.getBoundingClientRect();
  for (let a = e; a && a !== figure; a = a.parentElement) {
    if (a !== e && getComputedStyle(a).overflowX !== "visible") return false;
  }
  return right > document.documentElement.clientWidth + 1 || left < -1;
}).map((e) => `${e.tagName} ${e.className} ${e.textContent.slice(0, 20)}`)).slice(0, 5)"""
_EMPTY = """figures => figures.flatMap((figure) =>
  [...figure.querySelectorAll("option, [role=option], [role=radiogroup] label, [role=tab], button:not([aria-label]), h2, h3")]
    .filter((e) => !e.textContent.trim() && !e.querySelector("svg")).map((e) => e.outerHTML.slice(0, 200)))"""


def all_texts(parts: Locator) -> list[str]:
    """What is shown, once each, without what HTML does not keep."""
    return list(dict.fromkeys(comparable(text) for text in parts.all_text_contents()))


def expected(strings: Sequence[str], show: Callable[[str], str] = shown) -> list[str]:
    return list(dict.fromkeys(comparable(show(string)) for string in strings))


def check_texts(page: Page, names: Sequence[str], strings: list[str]) -> None:
    """Every text of every figure is as it was passed."""
    title = strings[0]
    sections = page.locator("section.figure")
    parts = {name: sections.nth(i) for i, name in enumerate(names)}

    def has(figure: str, selector: str, wanted: list[str]) -> None:
        assert all_texts(parts[figure].locator(selector)) == wanted, (figure, selector)

    for name in (
        "small",
        "large",
        "lines",
        "tokens",
        "activations",
        "topk samples",
        "topk tokens",
        "log probs",
        "map",
        "patching",
        "tabs",
    ):
        if title:
            has(name, "h2", expected([title], shown if is_invisible(title) else str))
    for name in ("small", "large"):
        has(name, "[data-testid=token-strip] bdi", expected(strings))
        has(name, "[data-testid=head] bdi", expected(strings))
    has("lines", "[data-testid=head-select] option", expected(strings))
    has("tokens", "[data-testid=colored-text] [data-index]", expected(strings))
    has("activations", "[data-testid=sample-text] [data-index]", expected(strings))
    has("activations", "[data-testid=sample] h3", expected(strings[:2]))
    samples = parts["topk samples"].locator("[data-testid=sample-text] [data-index]")
    assert set(all_texts(samples)) == set(expected(strings))
    columns = all_texts(parts["topk tokens"].locator("thead bdi"))
    assert columns == expected(strings[: len(columns)])
    assert set(all_texts(parts["topk tokens"].locator("td .token"))) <= set(expected(strings))
    has("log probs", "[data-testid=tokens] [data-index]", expected(strings[1:]))  # the first has no prediction
    has("map", "[data-testid=score-select] option", expected(strings[:5]))
    has("patching", "[data-testid=kind] option", expected(strings[:6]))
    has("tabs", "[role=tab]", expected([strings[6], strings[8]]))
    has("tabs", "[data-testid=greeting] bdi", expected([strings[7]], str))


def check(open_page: Opener, strings: list[str], width: int) -> None:
    """Puts these texts into every place of every figure, and looks at the page."""
    made = figures(strings)
    before = "<script>function hit() { globalThis.ran = true }</script>"
    page = open_page(json_page([to_json(figure) for figure in made.values()], before=before), width=width)
    sections = page.locator("section.figure")
    sections.nth(len(made) - 1).wait_for()
    wait_idle(page)
    check_texts(page, list(made), strings)
    for token in page.locator("[data-testid=colored-text], [data-testid=sample-text]").all():
        token.locator("[data-index]").first.dispatch_event("click")  # tooltips, hover_html among them
    for selector in page.get_by_role("combobox").all():
        selector.dispatch_event("click")
        wait_idle(page)
        assert sections.evaluate_all(_EMPTY) == []
    assert sections.evaluate_all(_WIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("globalThis.ran") is None
    assert sections.locator(FORBIDDEN).count() == 0
    page.context.close()


@pytest.mark.parametrize("mode", ["small", "large"])
def test_a_long_name_is_cut_and_its_thumbnail_has_all_of_it(mode: str, open_page: Opener) -> None:
    name = "W" * 1000
    figure = attention.from_values(np.ones((2, 3, 3)), list("abc"), head_names=[name, "b"], mode=mode)  # type: ignore[call-overload]
    page = open_page(figure.data)
    wait_idle(page)
    head = page.get_by_test_id("head").first
    head.click()
    assert head.get_attribute("title") == name
    caption = page.get_by_test_id("head-status").text_content() or ""
    assert f"Head {'W' * 79}…" in caption and len(caption) < 200


@pytest.mark.parametrize("width", [1200, 360])
def test_the_worst_texts(width: int, open_page: Opener) -> None:
    for start in range(0, len(WORST), N):
        chosen = (WORST + FRAGMENTS[:N])[start : start + N]
        check(open_page, chosen, width)


def test_every_piece(open_page: Opener) -> None:
    for start in range(0, len(FRAGMENTS), N):
        check(open_page, (FRAGMENTS[start : start + N] + FRAGMENTS[:N])[:N], 800)


@given(strings=st.lists(texts(), min_size=N, max_size=N, unique=True))
@settings(
    max_examples=8, phases=[Phase.generate], deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_texts(strings: list[str], open_page: Opener) -> None:
    check(open_page, strings, 800)
