"""Hovering previews heads, cells and tokens, a click pins them, and status texts describe them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.pages import cell_centre, leave, open_fixture, settled, text
from e2e.reading import show_head

SMALL, LARGE = "small-batch-dropdown", "large-batch-radio"


def test_hovering_a_head_shows_it_alone_and_leaving_shows_all_again(open_page: Opener) -> None:
    page = open_fixture(open_page, SMALL)
    before = settled(page, "overview")
    page.get_by_test_id("head").nth(3).hover()
    expect(page.get_by_test_id("head-status")).to_contain_text("Head L0H3")
    assert settled(page, "overview") != before
    leave(page)
    expect(page.get_by_test_id("head-status")).to_contain_text("All heads")
    assert settled(page, "overview") == before


def test_a_click_pins_a_head_until_it_is_clicked_again(open_page: Opener) -> None:
    page = open_fixture(open_page, SMALL)
    head, other, status = (*(page.get_by_test_id("head").nth(i) for i in (5, 2)), page.get_by_test_id("head-status"))
    head.click()
    picture = settled(page, "overview")
    other.hover()
    expect(status).to_contain_text("Head L1H1 · pinned")
    expect(head).to_have_attribute("aria-pressed", "true")
    expect(head).to_have_attribute("aria-label", re.compile("pinned"))
    assert settled(page, "overview") == picture, "hovering another head changed a pinned picture"
    head.click()
    expect(status).not_to_contain_text("pinned")
    leave(page)
    expect(status).to_contain_text("All heads")


def test_clicking_another_head_moves_the_pin(open_page: Opener) -> None:
    page = open_fixture(open_page, SMALL)
    for index in (1, 6):
        page.get_by_test_id("head").nth(index).click()
    expect(page.get_by_test_id("head-status")).to_contain_text("Head L1H2 · pinned")
    expect(page.locator("[data-testid=head][aria-pressed=true]")).to_have_count(1)


def test_escape_releases_head_cell_and_token(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE)
    page.get_by_test_id("head").nth(1).click()
    page.get_by_test_id("heatmap").click(position={"x": 20, "y": 200})
    page.get_by_test_id("token-strip").get_by_role("button").nth(4).click()
    leave(page)
    for status in ("head-status", "status", "token-status"):
        expect(page.get_by_test_id(status)).to_contain_text(re.compile("pinned", re.I))
    page.keyboard.press("Escape")
    for status in ("head-status", "status", "token-status"):
        expect(page.get_by_test_id(status)).not_to_contain_text(re.compile("pinned", re.I))
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)


def test_the_large_view_keeps_the_head_that_was_pinned_last(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE)
    first, second, status = (*(page.get_by_test_id("head").nth(i) for i in (0, 1)), page.get_by_test_id("head-status"))
    second.hover()
    expect(status).to_contain_text("Head 0.3")
    leave(page)
    expect(status).to_contain_text("Head 1.2")
    second.click()
    second.click()
    first.hover()
    expect(status).to_contain_text("Head 1.2")
    leave(page)
    expect(status).to_contain_text("Head 0.3")


def test_a_cell_shows_its_value_and_both_tokens_with_their_positions(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE)
    show_head(page, 1)
    area, tip, status = page.get_by_test_id("heatmap"), page.locator(".tip"), page.get_by_test_id("status")
    area.hover(position=cell_centre(area, 12, 2, 17, 17))
    expect(status).to_contain_text(re.compile(r"Head 0\.3, destination 12 ·a to source 2 ·Mary: 0\.\d{4}$"))
    value = text(page, "status").rsplit(" ", 1)[-1]
    expect(tip).to_contain_text(re.compile(rf"Destination\s*12\s*·a\s*Source\s*2\s*·Mary\s*Head 0\.3\s*{value}"))
    area.hover(position=cell_centre(area, 2, 12, 17, 17))
    expect(status).to_contain_text("masked")
    leave(page)
    expect(tip).to_have_count(0)


def test_a_pinned_cell_stays_until_it_is_clicked_again(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE)
    area, status = page.get_by_test_id("heatmap"), page.get_by_test_id("status")
    area.click(position=cell_centre(area, 6, 1, 17, 17))
    pinned = text(page, "status")
    assert "pinned" in pinned.lower() and "destination 6 ·to to source 1 When" in pinned
    area.hover(position=cell_centre(area, 12, 3, 17, 17))
    leave(page)
    assert text(page, "status") == pinned
    page.get_by_test_id("head").nth(2).hover()
    expect(status).to_contain_text("Head 1.0, destination 6 ·to to source 1 When")
    area.click(position=cell_centre(area, 6, 1, 17, 17))
    leave(page)
    expect(status).not_to_contain_text("destination")


def test_the_overview_ranks_heads_at_a_cell(open_page: Opener) -> None:
    page = open_fixture(open_page, SMALL)
    area = page.get_by_test_id("overview")
    settled(page, "overview")
    area.hover(position=cell_centre(area, 12, 11, 17, 17))
    expect(page.locator(".tip dd.value")).to_have_count(3)
    values = [float(value) for value in page.locator(".tip dd.value").all_text_contents()]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize("name", [SMALL, LARGE])
def test_another_attention_type_shows_other_values_and_going_back_the_old_ones(name: str, open_page: Opener) -> None:
    page = open_fixture(open_page, name)
    testid = "overview" if name == SMALL else "heatmap"
    page.get_by_test_id("head").nth(0).click()
    area = page.get_by_test_id(testid)
    area.click(position=cell_centre(area, 9, 1, 17, 17))
    choices = page.get_by_test_id("attention-type")
    seen: dict[str, tuple[str, str]] = {}
    for choice in ("Standard", "Value-weighted", "Info-weighted"):
        choices.get_by_text(choice, exact=True).click()
        seen[choice] = (settled(page, testid), text(page, "status"))
    assert len({picture for picture, _ in seen.values()}) == 3
    assert len({status for _, status in seen.values()}) == 3
    choices.get_by_text("Standard", exact=True).click()
    assert (settled(page, testid), text(page, "status")) == seen["Standard"]


def test_a_token_colors_the_others_and_the_direction_turns_the_question_round(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE)
    show_head(page, 1)
    settled(page, "heatmap")
    strip, status = page.get_by_test_id("token-strip").get_by_role("button"), page.get_by_test_id("token-status")
    colors: list[list[str]] = []
    for direction, sentence in [("dest", "destination 8 ·shops attends"), ("src", "source 8 ·shops is attended to")]:
        page.get_by_test_id("direction").locator(f"label:has(input[value={direction}])").click()
        expect(status).to_contain_text("Choose a")
        strip.nth(8).click()
        leave(page)
        expect(status).to_contain_text(sentence)
        expect(status).to_contain_text(re.compile("pinned", re.I))
        expect(strip.nth(8)).to_have_attribute("aria-pressed", "true")
        colors.append(strip.evaluate_all("chips => chips.map(chip => getComputedStyle(chip).backgroundColor)"))
    assert colors[0] != colors[1]
    assert len(set(colors[0])) > 3
    strip.nth(8).click()
    leave(page)
    expect(status).to_contain_text("Choose a")


@pytest.mark.parametrize("name", [SMALL, LARGE])
def test_another_sequence_keeps_head_cell_and_token_where_they_exist(name: str, open_page: Opener) -> None:
    page = open_fixture(open_page, name)
    page.get_by_test_id("head").nth(2).click()
    area = page.get_by_test_id("overview" if name == SMALL else "heatmap")
    area.click(position=cell_centre(area, 5, 4, 17, 17))
    tokens = page.get_by_test_id("token-strip").get_by_role("button")
    tokens.nth(10).click()
    leave(page)
    head, selector = text(page, "head-status"), page.get_by_test_id("batch-selector")

    def choose(index: int) -> None:
        if name == LARGE:
            selector.get_by_role("radio").nth(index).check()
        else:
            selector.get_by_role("combobox").click()
            selector.get_by_role("option").nth(index).click()

    choose(1)
    expect(tokens.nth(10)).to_have_text(re.compile("Mary"))
    expect(tokens.nth(10)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("token-status")).to_contain_text("destination 10 ·Mary")
    choose(2)
    expect(tokens).to_have_count(8)
    expect(page.get_by_test_id("token-status")).to_contain_text("Choose a")
    expect(page.get_by_test_id("status")).to_contain_text("destination 5 ·the to source 4 ·on")
    assert text(page, "head-status") == head
    choose(0)
    expect(tokens).to_have_count(17)
