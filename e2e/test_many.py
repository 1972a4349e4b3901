"""Several figures on one page: each draws and answers for itself, wherever and however often its HTML stands."""

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
from e2e.pages import focused
from e2e.reading import head_is_drawn, wait_drawn
from tests.support.caches import softmax_patterns, words


def figure(title: str, mode: str = "small") -> cv.Figure:
    attention = np.tril(np.random.default_rng(len(title)).random((3, 5, 5)))
    made = cv.attention.from_values(attention, list("abcde"), title=title, mode=mode)  # type: ignore[call-overload]
    assert isinstance(made, cv.Figure)
    return made


def page_of(*parts: str) -> str:
    """A document of someone else's around fragments, as notebooks make it."""
    return "<!doctype html><meta charset=utf-8><title>host</title><body>" + "".join(f"<p>output</p>{p}" for p in parts)


def titles(page: Page) -> list[str]:
    return page.locator("section.figure h2").all_text_contents()


def pressed(page: Page) -> list[list[str | None]]:
    """Of each figure, which of its heads are pinned."""
    figures = page.locator("section.figure").all()
    return [[head.get_attribute("aria-pressed") for head in one.get_by_test_id("head").all()] for one in figures]


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
    now = bundle.bundle().hash
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
    """As notebooks replace an output: new HTML by innerHTML, its scripts made anew."""
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
    """What untrusted notebooks and sites that show notebooks leave of a fragment."""
    left = re.sub(r"<script.*?</script>", "", figure("gone")._repr_html_(), flags=re.S)
    page = open_page(page_of(left))
    expect(page.get_by_text("trust the notebook, or run the cell again")).to_be_visible()
    assert page.locator("section.figure").count() == 0


def test_without_javascript_a_saved_file_says_so(open_page: Opener) -> None:
    page = open_page(figure("quiet").data, java_script_enabled=False)
    expect(page.get_by_text("needs its script to run")).to_be_visible()


def test_data_that_was_cut_off_is_said_and_the_others_draw(open_page: Opener) -> None:
    broken = figure("broken")._repr_html_()
    start = broken.index('<script type="application/json">') + 200
    broken = broken[:start] + broken[broken.index("</script>", start) :]
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


def test_of_a_thousand_heads_those_in_sight_are_made_and_all_are_reached(open_page: Opener) -> None:
    values = np.tile(softmax_patterns((8, 12, 12)), (128, 1, 1))
    made = cv.attention.from_values(values, words(12))
    assert made is not None
    page = open_page(made.data)
    wait_drawn(page)
    heads = page.get_by_test_id("head")
    heads.first.focus()
    expect(heads.nth(100)).to_be_attached()
    wait_idle(page)  # whatever is in sight has been made
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
    made = cv.attention.from_values(np.tile(softmax_patterns((8, 12, 12)), (128, 1, 1)), words(12))
    assert made is not None
    page = open_page(made.data)
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
    made = cv.attention.from_values(values, words(12), mode="large")
    assert made is not None
    page = open_page(made.data, width=width)
    wait_drawn(page)
    expect(page.locator(".grid")).not_to_have_css("mask-image", "none")  # there is more to scroll to
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
        assert head["y"] + head["height"] <= grid["y"] + grid["height"] - 39  # above the shade


def test_a_grid_that_does_not_scroll_has_no_shade_wherever_the_window_ends(open_page: Opener) -> None:
    made = figure("below the fold", "large")
    page = open_page(page_of(f'<div style="height: 3000px"></div>{made._repr_html_()}'))
    wait_drawn(page)
    wait_idle(page)
    expect(page.locator(".grid")).to_have_css("mask-image", "none")


def test_the_focus_stays_on_its_head_as_the_window_becomes_narrower(open_page: Opener) -> None:
    made = cv.attention.from_values(np.tile(softmax_patterns((8, 12, 12)), (128, 1, 1)), words(12), mode="large")
    assert made is not None
    page = open_page(made.data, width=1300)
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
    made = cv.attention.from_cache(pattern, words(10), heads=chosen, mode=mode)  # type: ignore[call-overload]  # a text of two
    assert isinstance(made, cv.Figure)
    page = open_page(made.data, width=1300)
    wait_drawn(page)
    places = [place.bounding_box() for place in page.locator(".group").all()]
    heads = [head.bounding_box() for head in page.get_by_test_id("head").all()]
    assert [place and round(place["width"]) for place in places[1:]] == [
        head and round(head["width"]) for head in heads[12:]
    ]
