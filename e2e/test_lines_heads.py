"""mode="lines" with several heads: their values, their switches by mouse, touch and keyboard, themes and sizes."""

from __future__ import annotations

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.heads_page import chip, draws_color_of, hover_source, on, picture, show_several, tip_rows, values
from e2e.lines_page import HEAD_ROW, HEADS, ROW, N, area, computed_cache, hover_query, opened, pin_query, status
from e2e.pages import focused, leave, open_fixture
from e2e.reading import wait_drawn
from tests.support.caches import softmax_patterns, words

NAMES = [f"0.{head}" for head in range(HEADS)]


def several(open_page: Opener, **options: object) -> Page:
    page = opened(open_page, computed_cache(), heads=[(0, head) for head in range(HEADS)], **options)
    show_several(page)
    return page


def test_the_page_shows_the_value_of_every_head_at_every_cell_by_keyboard_alone(open_page: Opener) -> None:
    page = several(open_page)
    pattern = computed_cache()["blocks.0.attn.hook_pattern"]
    area(page).focus()
    for query in range(N):
        page.keyboard.press("Escape")
        for _ in range(query + 1):
            page.keyboard.press("ArrowDown")
        assert status(page).startswith(f"Query {query} ")
        page.keyboard.press("Enter")
        for source in range(N):
            page.keyboard.press("ArrowDown")
            shown = values(status(page))
            assert f", source {source} " in status(page)
            want = {name: pattern[head, query, source] for head, name in enumerate(NAMES) if source <= query}
            assert shown.keys() == want.keys()
            for name, value in want.items():
                assert shown[name] == pytest.approx(value, abs=6e-5)


def test_right_goes_to_the_sources_and_left_back(open_page: Opener) -> None:
    page = several(open_page)
    pattern = computed_cache()["blocks.0.attn.hook_pattern"]
    area(page).focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert status(page).startswith("Source 2 ")
    best = max(pattern[:, :, 2].max(axis=1))
    assert float(status(page).split(" = ")[1].split(";")[0]) == pytest.approx(best, abs=6e-5)
    page.keyboard.press("ArrowLeft")
    assert status(page).startswith("Query 2 ")


def test_a_hovered_query_lists_the_strongest_source_of_each_head_and_a_source_the_strongest_query(
    open_page: Opener,
) -> None:
    page = several(open_page)
    pattern = computed_cache()["blocks.0.attn.hook_pattern"]
    hover_query(page, 6)
    rows = tip_rows(page)
    assert [value for _, value, _ in rows] == sorted((value for _, value, _ in rows), reverse=True)
    for name, value, other in rows:
        row = pattern[NAMES.index(name), 6]
        assert value == pytest.approx(row.max(), abs=6e-5)
        assert other.startswith(f"→ {row.argmax()} ")
    hover_source(page, 3)
    for name, value, other in tip_rows(page):
        column = pattern[NAMES.index(name), :, 3]
        assert value == pytest.approx(column.max(), abs=6e-5)
        assert other.startswith(f"← {column.argmax()} ")
    pin_query(page, 6)
    hover_source(page, 3)
    assert {name: value for name, value, _ in tip_rows(page)} == pytest.approx(
        {name: pattern[head, 6, 3] for head, name in enumerate(NAMES)}, abs=6e-5
    )


def test_a_click_switches_a_head_and_a_double_click_leaves_it_alone_on(open_page: Opener) -> None:
    page = several(open_page)
    assert on(page) == NAMES
    chip(page, "0.1").click()
    assert on(page) == ["0.0", "0.2", "0.3"]
    hover_query(page, 5)
    assert {name for name, _, _ in tip_rows(page)} == {"0.0", "0.2", "0.3"}
    chip(page, "0.1").click()
    assert on(page) == NAMES
    chip(page, "0.2").dblclick()
    assert on(page) == ["0.2"]
    leave(page)
    assert draws_color_of(page, "0.2")
    assert not draws_color_of(page, "0.0")
    chip(page, "0.2").dblclick()
    assert on(page) == NAMES
    page.get_by_test_id("heads-none").click()
    assert on(page) == []
    expect(page.get_by_test_id("status")).to_contain_text("No head is on")
    page.get_by_test_id("heads-all").click()
    assert on(page) == NAMES


def test_the_switches_are_one_tab_stop_and_work_with_the_keyboard_alone(open_page: Opener) -> None:
    page = several(open_page)
    page.get_by_test_id("head-mode").get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    assert focused(page) == "head-chip 0"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    assert on(page) == ["0.0", "0.2", "0.3"]
    page.keyboard.press("End")
    assert focused(page) == "head-chip 3"
    page.keyboard.press("Shift+Space")
    assert on(page) == ["0.3"]
    page.keyboard.press("Shift+Space")
    assert on(page) == NAMES
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    assert focused(page) != "head-chip 0"
    page.get_by_test_id("heads-only").press("Enter")
    assert on(page) == ["0.0"]


def test_a_tap_switches_a_head_and_a_button_leaves_the_last_one_alone_on(open_page: Opener) -> None:
    page = several(open_page, browser={"has_touch": True, "is_mobile": True}, width=400)
    chip(page, "0.1").tap()
    assert on(page) == ["0.0", "0.2", "0.3"]
    page.get_by_test_id("heads-only").tap()
    assert on(page) == ["0.1"]
    box = area(page).bounding_box()
    assert box is not None
    page.touchscreen.tap(box["x"] + 30, box["y"] + HEAD_ROW + 4.5 * ROW)
    expect(page.get_by_test_id("status")).to_contain_text("Pinned; Esc or click to release. Query 4 ")


def test_pointing_at_a_switch_shows_its_head_among_the_others(open_page: Opener) -> None:
    page = several(open_page)
    leave(page)
    before = picture(page)
    chip(page, "0.1").hover()
    assert picture(page) != before
    leave(page)
    assert picture(page) == before


def test_another_layer_keeps_the_places_of_the_heads_that_are_on(open_page: Opener) -> None:
    page = opened(open_page, computed_cache())
    show_several(page)
    chip(page, "0.2").dblclick()
    page.get_by_test_id("layer-select").select_option(index=1)
    assert on(page) == ["1.2"]
    hover_query(page, 6)
    best = computed_cache()["blocks.1.attn.hook_pattern"][2, 6].max()
    [(name, value, _)] = tip_rows(page)
    assert name == "1.2"
    assert value == pytest.approx(best, abs=6e-5)


def test_a_pinned_query_stays_between_one_head_and_several(open_page: Opener) -> None:
    page = opened(open_page, computed_cache())
    pin_query(page, 5)
    show_several(page)
    assert "Query 5 " in status(page)
    page.get_by_test_id("head-mode").get_by_text("One head").click()
    assert "Pinned; Esc or click to release. Query 5 " in status(page)
    expect(area(page).locator(".label.product")).to_be_visible()


def test_weighted_attention_weighs_the_lines_of_all_heads(open_page: Opener) -> None:
    page = several(open_page, attention_type="value-weighted")
    pin_query(page, 6)
    hover_source(page, 2)
    weighted = values(status(page))
    page.get_by_test_id("attention-type").get_by_text("Standard").click()
    hover_source(page, 2)
    cache = computed_cache()
    norms = np.linalg.norm(cache["blocks.0.attn.hook_v"], axis=-1)
    for head, name in enumerate(NAMES):
        value = cache["blocks.0.attn.hook_pattern"][head, 6, 2]
        factor = norms[2, head // 2] / norms[:, head // 2].max()
        assert weighted[name] == pytest.approx(value * factor, abs=6e-5)
        assert values(status(page))[name] == pytest.approx(value, abs=6e-5)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_each_head_has_the_color_of_its_switch_in_each_theme_and_width(
    theme: str, width: int, open_page: Opener
) -> None:
    page = several(open_page, display_mode=theme, width=width)
    for name in NAMES:
        chip(page, name).dblclick()
        leave(page)
        assert draws_color_of(page, name)
    overflow = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


def test_of_very_many_heads_only_those_are_on_at_first_that_can_be_told_apart(open_page: Opener) -> None:
    page = open_fixture(open_page, "lines-144-heads")
    show_several(page)
    assert len(on(page)) == 32
    page.get_by_test_id("heads-all").click()
    assert len(on(page)) == 144
    hover_query(page, 4)
    assert len(tip_rows(page)) == 12


def test_of_long_sequences_the_strongest_lines_are_drawn_and_all_of_a_hovered_query(open_page: Opener) -> None:
    pattern = softmax_patterns((16, 500, 500))
    figure = cv.attention.from_values(pattern, words(500), "lines")
    page = open_page(figure.data)
    wait_drawn(page)
    show_several(page)
    expect(page.get_by_test_id("lines-left-out")).to_contain_text("lines in sight are drawn")
    hover_query(page, 9)
    for name, value, _ in tip_rows(page):
        assert value == pytest.approx(pattern[int(name.split()[-1]), 9].max(), abs=6e-5)
    area(page).evaluate("element => element.scrollTop = 5000")
    leave(page)
    expect(page.get_by_test_id("lines-left-out")).to_contain_text("lines in sight are drawn")


def test_a_sequence_of_five_tokens_and_one_head_has_no_switches(open_page: Opener) -> None:
    page = open_fixture(open_page, "lines-1-head-5-tokens")
    expect(page.get_by_test_id("head-mode")).to_have_count(0)
