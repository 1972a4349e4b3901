"""Several figures on one page: each draws and reacts on its own, however often and wherever its HTML stands."""

from __future__ import annotations

import re

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._page import bundle, html_page
from circuitsvis._page.figure import wrapper
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.reading import wait_drawn


def figure(title: str, mode: str = "small") -> cv.Figure:
    attention = np.tril(np.random.default_rng(len(title)).random((3, 5, 5)))
    figure = cv.attention.from_values(attention, list("abcde"), title=title, mode=mode)  # type: ignore[call-overload]
    assert isinstance(figure, cv.Figure)
    return figure


def page_of(*parts: str) -> str:
    """A document with fragments, as notebooks make it."""
    return "<!doctype html><meta charset=utf-8><title>host</title><body>" + "".join(f"<p>output</p>{p}" for p in parts)


def titles(page: Page) -> list[str]:
    return page.locator("section.figure h2").all_text_contents()


def pressed(page: Page) -> list[list[str | None]]:
    """The aria-pressed attribute of every head, by figure."""
    figures = page.locator("section.figure").all()
    return [[head.get_attribute("aria-pressed") for head in figure.get_by_test_id("head").all()] for figure in figures]


def test_two_figures_draw_and_a_pin_in_one_leaves_the_other_alone(open_page: Opener) -> None:
    page = open_page(page_of(figure("one")._repr_html_(), figure("second", "large")._repr_html_()))
    wait_drawn(page, 2)
    assert titles(page) == ["one", "second"]
    before = pressed(page)
    first, second = page.locator("section.figure").all()
    untouched = second.screenshot()
    first.get_by_test_id("head").nth(2).click()
    expect(first.get_by_test_id("head").nth(2)).to_have_attribute("aria-pressed", "true")
    page.mouse.move(2, 2)
    assert pressed(page) == [["false", "false", "true"], before[1]]
    assert second.screenshot() == untouched


@pytest.mark.parametrize("mode", ["small", "large"])
def test_the_same_figure_twice_is_two_figures(mode: str, open_page: Opener) -> None:
    fragment = figure("same", mode)._repr_html_()
    page = open_page(page_of(fragment, fragment))
    wait_drawn(page, 2)
    before = pressed(page)
    assert before[0] == before[1]
    head = 1 if mode == "small" else before[1].index("false")
    page.locator("section.figure").nth(1).get_by_test_id("head").nth(head).click()
    after = pressed(page)
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_the_code_is_evaluated_once_for_a_version_and_kept_apart_between_versions(open_page: Opener) -> None:
    now = bundle.bundle("attention").hash
    other = figure("other version")._repr_html_().replace(now, "0" * len(now))
    page = open_page(page_of(figure("a")._repr_html_(), other, figure("b")._repr_html_()))
    wait_drawn(page, 3)
    assert titles(page) == ["a", "other version", "b"]
    keys = page.evaluate("Object.keys(globalThis).filter((key) => key.startsWith('circuitsvis'))")
    assert sorted(keys) == sorted([f"circuitsvis_{'0' * len(now)}", f"circuitsvis_{now}"])


def test_deleting_the_first_output_leaves_the_rest_working(open_page: Opener) -> None:
    page = open_page(page_of(*(figure(title)._repr_html_() for title in ("first", "middle", "last"))))
    wait_drawn(page, 3)
    page.locator("[data-circuitsvis]").first.evaluate("wrapper => wrapper.remove()")
    page.locator("section.figure").last.get_by_test_id("head").nth(1).click()
    assert titles(page) == ["middle", "last"]
    assert pressed(page)[-1] == ["false", "true", "false"]


def test_an_output_that_is_run_again_is_mounted_again(open_page: Opener) -> None:
    """Notebooks replace an output like this: they set innerHTML, then create its scripts again so that they run."""
    page = open_page(page_of("<div id=cell></div>", figure("stays")._repr_html_()))
    wait_drawn(page)
    run = """([cell, html]) => {
      cell.innerHTML = html;
      for (const old of cell.querySelectorAll("script")) {
        const fresh = document.createElement("script");
        for (const { name, value } of old.attributes) fresh.setAttribute(name, value);
        fresh.textContent = old.textContent;
        old.replaceWith(fresh);
      }
    }"""
    for title in ("run 1", "run 2"):
        page.evaluate(run, [page.locator("#cell").element_handle(), figure(title)._repr_html_()])
        wait_drawn(page, 2)
        assert titles(page) == [title, "stays"]


def test_a_copy_of_a_drawn_output_draws_too(open_page: Opener) -> None:
    """`cloneNode` and "save page as" lose the shadow root and keep the data."""
    page = open_page(page_of(figure("drawn")._repr_html_()))
    wait_drawn(page)
    page.evaluate("document.body.prepend(document.querySelector('[data-circuitsvis]').cloneNode(true))")
    saved = page.content()
    again = open_page(saved)
    wait_drawn(again, 2)
    assert titles(again) == ["drawn", "drawn"]


def test_without_scripts_the_reader_is_told_what_to_do(open_page: Opener) -> None:
    """Untrusted notebooks, and sites that show notebooks, remove the scripts of a fragment."""
    left = re.sub(r"<script.*?</script>", "", figure("gone")._repr_html_(), flags=re.S)
    page = open_page(page_of(left))
    expect(page.get_by_text("trust the notebook, or run the cell again")).to_be_visible()
    assert page.locator("section.figure").count() == 0


def test_without_javascript_a_saved_file_says_so(open_page: Opener) -> None:
    page = open_page(figure("quiet").data, java_script_enabled=False)
    expect(page.get_by_text("needs its script to run")).to_be_visible()


def test_data_that_was_cut_off_is_said_and_the_others_draw(open_page: Opener) -> None:
    broken = figure("broken")._repr_html_()
    start = broken.index("<!--json:") + 200
    broken = broken[:start] + broken[broken.index("-->", start) :]
    page = open_page(page_of(broken, figure("whole")._repr_html_()))
    wait_drawn(page, 1)
    expect(page.get_by_text("circuitsvis could not draw this figure")).to_be_visible()
    assert titles(page) == ["whole"]


def test_a_document_of_many_figures_holds_the_code_once(open_page: Opener) -> None:
    parts = [piece for i in range(3) for piece in wrapper(figure(str(i)))]
    html = "".join(html_page.document(parts, "three"))
    assert html.count(bundle.bundle().packed) == 1
    page = open_page(html)
    wait_drawn(page, 3)
    assert titles(page) == ["0", "1", "2"]


def test_a_grid_that_does_not_scroll_has_no_shade_wherever_the_window_ends(open_page: Opener) -> None:
    fragment = figure("below the fold", "large")._repr_html_()
    page = open_page(page_of(f'<div style="height: 3000px"></div>{fragment}'))
    wait_drawn(page)
    wait_idle(page)
    expect(page.locator(".grid")).to_have_css("mask-image", "none")
