"""mode="lines" with `segments=`: lines from one part of the tokens to another, of one head and of several."""

from __future__ import annotations

import circuitsvis as cv
import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.heads_page import note, picture, show_several, tip_rows, values
from e2e.lines_page import area, hover_query, pin_query, status
from e2e.pages import leave, open_fixture
from e2e.reading import wait_drawn
from tests.support.caches import softmax_patterns, words


def two_parts(open_page: Opener, *, several: bool) -> Page:
    """Six tokens in two parts, of three heads without a causal mask."""
    pattern = softmax_patterns((3, 6, 6), causal=False)
    page = open_page(cv.attention.from_values(pattern, words(6), "lines", segments=2).data)
    wait_drawn(page)
    if several:
        show_several(page)
    return page


def choose(page: Page, name: str) -> None:
    page.get_by_test_id("segments-pair").get_by_text(name, exact=True).click()
    leave(page)


@pytest.mark.parametrize("several", [False, True])
def test_each_choice_draws_other_lines_and_says_what_it_leaves_out(several: bool, open_page: Opener) -> None:
    page = two_parts(open_page, several=several)
    options = page.get_by_test_id("segments-pair").locator("label").all_text_contents()
    assert [option.strip() for option in options] == ["All", "A → A", "A → B", "B → A", "B → B"]
    assert note(page) == ""
    leave(page)
    pictures = {"All": picture(page)}
    for name in ("A → A", "A → B", "B → A", "B → B"):
        choose(page, name)
        start, end = name.split(" → ")
        assert note(page) == (
            f"Only lines from {start} to {end} are drawn; values are unchanged. The lines of a query no longer sum to 1."
        )
        pictures[name] = picture(page)
    assert len(set(pictures.values())) == 5
    choose(page, "All")
    assert picture(page) == pictures["All"]
    assert note(page) == ""


def test_the_values_are_the_same_and_the_strongest_are_those_of_the_lines_that_are_drawn(open_page: Opener) -> None:
    page = two_parts(open_page, several=True)
    pattern = softmax_patterns((3, 6, 6), causal=False)
    choose(page, "A → B")
    hover_query(page, 1)
    for name, value, other in tip_rows(page):
        row = pattern[int(name.split()[-1]), 1, 2:]
        assert value == pytest.approx(row.max(), abs=6e-5)
        assert other.startswith(f"→ {2 + row.argmax()} ")
    hover_query(page, 4)
    assert tip_rows(page) == []
    assert "no attention" in status(page)
    pin_query(page, 4)
    area(page).focus()
    page.keyboard.press("ArrowDown")
    assert values(status(page)) == pytest.approx({f"Head {head}": pattern[head, 4, 0] for head in range(3)}, abs=6e-5)


def test_the_filter_works_with_the_keyboard_alone(open_page: Opener) -> None:
    page = two_parts(open_page, several=False)
    page.get_by_test_id("segments-pair").get_by_role("radio").first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert note(page).startswith("Only lines from A to B ")


def test_more_parts_have_a_selector_for_each_end_and_other_names_in_another_sequence(open_page: Opener) -> None:
    page = open_fixture(open_page, "lines-parts-batch")
    assert page.get_by_test_id("segments-from").locator("option").all_text_contents() == [
        "All", "names", "<b>gift</b>", "rest",
    ]  # fmt: skip
    page.get_by_test_id("segments-to").select_option(label="names")
    assert note(page).startswith("Only lines to names ")
    page.get_by_test_id("segments-from").select_option(label="rest")
    assert note(page).startswith("Only lines from rest to names ")
    page.get_by_test_id("batch-selector").locator("select, button").first.press("ArrowDown")
    expect(page.get_by_test_id("segments-to").locator("option")).to_have_text(
        ["All", "</script>", "rest", "مرحبا", "all other tokens"]
    )


def test_without_segments_there_is_no_selector(open_page: Opener) -> None:
    page = open_fixture(open_page, "lines-12-heads")
    expect(page.get_by_test_id("segments")).to_have_count(0)


def test_sources_of_another_sequence_are_chosen_alone(open_page: Opener) -> None:
    pattern = softmax_patterns((2, 3, 5), causal=False)
    figure = cv.attention.from_values(
        pattern, dest_tokens=words(3), src_tokens=[f"s{i}" for i in range(5)], mode="lines", segments=3
    )
    page = open_page(figure.data)
    wait_drawn(page)
    expect(page.get_by_test_id("segments-from")).to_have_count(0)
    page.get_by_test_id("segments-to").select_option(label="B")
    assert note(page).startswith("Only lines to B are drawn")
