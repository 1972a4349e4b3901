"""Everything can be done by the keyboard alone, and every tab stop has a use."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.pages import focused, open_fixture, settled, text

SMALL, LARGE = "small-batch-dropdown", "large-batch-radio"


def tab_to(page: Page, part: str) -> None:
    for _ in range(12):
        page.keyboard.press("Tab")
        if focused(page).startswith(part):
            return
    raise AssertionError(f"Tab does not reach {part}")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (
            SMALL,
            [
                "export-button",
                "batch-selector",
                "attention-type",
                "overview",
                "zoom",
                "head 0",
                "transform",
                "hide",
                "direction",
                "token-strip 0",
                "table-button",
            ],
        ),
        (
            LARGE,
            [
                "export-button",
                "batch-selector",
                "attention-type",
                "heatmap",
                "transform",
                "hide",
                "head 0",
                "direction",
                "token-strip 0",
                "table-button",
            ],
        ),
    ],
)
def test_tab_goes_once_through_each_part_in_the_order_on_screen(name: str, parts: list[str], open_page: Opener) -> None:
    page = open_fixture(open_page, name)
    visited = []
    for _ in parts:
        page.keyboard.press("Tab")
        visited.append(focused(page))
    assert visited == parts
    page.keyboard.press("Tab")
    assert focused(page) == "body"


def test_every_focused_part_shows_that_it_is_focused(open_page: Opener) -> None:
    page = open_fixture(open_page, SMALL)
    outline = """() => {
      let element = document.activeElement;
      while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
      const shown = element.matches("[type=radio]") ? element.closest("label") : element;
      return getComputedStyle(shown).outlineStyle;
    }"""
    for _ in range(6):
        page.keyboard.press("Tab")
        assert page.evaluate(outline) in ("solid", "auto"), focused(page)


@pytest.mark.parametrize("name", [SMALL, LARGE])
def test_arrows_move_between_heads_and_enter_pins(name: str, open_page: Opener) -> None:
    page = open_fixture(open_page, name)
    status = page.get_by_test_id("head-status")
    tab_to(page, "head")
    press(page, "ArrowRight", "ArrowRight", "ArrowLeft")
    assert focused(page) == "head 1"
    expect(status).to_contain_text("L0H1" if name == SMALL else "0.3")
    expect(status).not_to_contain_text("pinned")
    press(page, "Enter", "ArrowRight")
    expect(status).to_contain_text(re.compile(r"(L0H1|0\.3) · pinned"))
    press(page, "End")
    assert focused(page) == f"head {page.get_by_test_id('head').count() - 1}"
    press(page, "Home", "ArrowRight", "Space")
    expect(status).not_to_contain_text("pinned")
    press(page, "Enter", "Escape")
    expect(status).not_to_contain_text("pinned")


def test_arrows_move_between_rows_of_heads_as_they_lie_on_screen(open_page: Opener) -> None:
    page = open_fixture(open_page, "small-144-heads")
    tab_to(page, "head")
    scrolled = """() => {
      const box = document.activeElement.shadowRoot.activeElement.getBoundingClientRect();
      return [Math.round(box.left), Math.round(box.top)];
    }"""
    left, top = page.evaluate(scrolled)
    press(page, "ArrowDown")
    below = page.evaluate(scrolled)
    assert below[0] == left and below[1] > top
    press(page, "ArrowUp")
    assert page.evaluate(scrolled) == [left, top]


def test_arrows_move_the_crosshair_and_the_pin_goes_along(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE)
    status = page.get_by_test_id("status")
    tab_to(page, "heatmap")
    press(page, "ArrowDown")
    expect(status).to_contain_text("destination 0 <|endoftext|> to source 0 <|endoftext|>")
    press(page, "PageDown", "ArrowUp", "End", "ArrowLeft")
    expect(status).to_contain_text("destination 15 ·Mary to source 15 ·Mary")
    press(page, "Enter")
    expect(status).to_contain_text("Pinned")
    press(page, "ArrowLeft")
    expect(status).to_contain_text("destination 15 ·Mary to source 14 ·to")
    page.keyboard.press("Tab")
    expect(status).to_contain_text("destination 15 ·Mary to source 14 ·to")
    page.keyboard.press("Escape")
    expect(status).not_to_contain_text("destination")


def test_the_crosshair_stops_at_the_edges(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE)
    tab_to(page, "heatmap")
    press(page, "ArrowUp", "ArrowUp", "ArrowLeft")
    assert "destination 0 " in text(page, "status") and "source 0 " in text(page, "status")
    press(page, "PageDown", "End", "ArrowDown", "ArrowRight")
    assert "destination 16 ." in text(page, "status") and "source 16 ." in text(page, "status")


def test_arrows_move_between_tokens_and_enter_pins(open_page: Opener) -> None:
    page = open_fixture(open_page, SMALL)
    status = page.get_by_test_id("token-status")
    tab_to(page, "token-strip")
    press(page, "ArrowRight", "ArrowDown", "ArrowRight", "ArrowLeft")
    expect(status).to_contain_text("destination 2 ·Mary attends most to")
    press(page, "Enter")
    expect(status).to_contain_text("Pinned")
    press(page, "End", "ArrowLeft")
    expect(status).to_contain_text("destination 15 ·Mary attends most to")
    press(page, "Escape")
    expect(status).not_to_contain_text("Pinned")
    press(page, "Tab")
    expect(status).to_contain_text("Choose a")


def test_the_dropdown_opens_moves_chooses_and_closes(open_page: Opener) -> None:
    page = open_fixture(open_page, SMALL)
    box, options = page.get_by_role("combobox"), page.get_by_role("option")
    tokens = page.get_by_test_id("token-strip").get_by_role("button")
    tab_to(page, "batch-selector")
    press(page, "Enter")
    expect(box).to_have_attribute("aria-expanded", "true")
    expect(options).to_have_count(3)
    press(page, "End")
    active = box.get_attribute("aria-activedescendant")
    expect(options.nth(2)).to_have_attribute("id", active or "")
    press(page, "Enter")
    expect(tokens).to_have_count(8)
    expect(options).to_have_count(0)
    press(page, "Space", "Home")
    press(page, "Tab")
    expect(options).to_have_count(0)
    expect(tokens).to_have_count(8)
    page.keyboard.press("Shift+Tab")
    press(page, "ArrowUp")
    expect(tokens).to_have_count(17)
    press(page, "t")
    expect(tokens).to_have_count(8)


def test_escape_closes_the_dropdown_before_it_lets_go_of_a_head(open_page: Opener) -> None:
    page = open_fixture(open_page, SMALL)
    page.get_by_test_id("head").nth(1).click()
    page.get_by_role("combobox").click()
    press(page, "ArrowDown", "Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.get_by_test_id("head-status")).to_contain_text("pinned")
    press(page, "Escape")
    expect(page.get_by_test_id("head-status")).not_to_contain_text("pinned")


def test_arrows_choose_sequence_type_and_direction(open_page: Opener) -> None:
    page = open_fixture(open_page, LARGE)
    tokens = page.get_by_test_id("token-strip").get_by_role("button")
    tab_to(page, "batch-selector")
    press(page, "ArrowUp")
    expect(tokens).to_have_count(8)
    before = settled(page, "heatmap")
    tab_to(page, "attention-type")
    press(page, "ArrowLeft")
    expect(page.get_by_test_id("legend")).to_contain_text("attention probability A")
    assert settled(page, "heatmap") != before
    tab_to(page, "direction")
    press(page, "ArrowRight")
    expect(page.get_by_test_id("token-status")).to_contain_text("Choose a source token")


@pytest.mark.parametrize("name", [SMALL, LARGE, "large-rectangular", "small-hostile", "large-500-tokens"])
def test_every_control_has_a_name(name: str, open_page: Opener) -> None:
    page = open_fixture(open_page, name)
    nameless = page.locator("section.figure").evaluate(
        """figure => [...figure.querySelectorAll("button, input, [role]")]
          .filter((e) => !(e.ariaLabel ?? e.closest("label")?.textContent ?? e.textContent).trim())
          .map((e) => e.outerHTML.slice(0, 100))"""
    )
    assert nameless == []
