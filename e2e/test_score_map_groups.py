"""Groups of similar heads on a score map, and the selection that is kept of them: by mouse, keyboard and touch, to Python and back."""

from __future__ import annotations

import ast

import circuitsvis as cv
import numpy as np
from circuitsvis._wire.props.score_map import ScoreMapProps
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.export_menu import CLIPBOARD, copied, open_menu, saved
from e2e.idle import wait_idle
from e2e.score_map_page import score_map, status

LAYERS, HEADS = 4, 5
SCORES = {"induction": np.zeros((LAYERS, HEADS)), "entropy": np.ones((LAYERS, HEADS))}
SCORES["induction"][[2, 3], [1, 4]] = 0.7, 0.9
SCORES["entropy"][0, 2] = 0.1
ROWS = [
    "high induction 2",
    "3.4",
    "2.1",
    "low entropy 1",
    "0.2",
    "no score stands out",
]
"""The first rows of the list."""


def grouped(open_page: Opener, **options: object) -> Page:
    page = open_page(cv.heads.score_map(SCORES).data, **options)
    wait_idle(page)
    page.get_by_test_id("list-groups").click()
    return page


def rows(page: Page) -> list[str]:
    """The first rows: names of heads, and the lines of groups."""
    found: list[str] = page.get_by_test_id("head-list").evaluate(
        """list => [...list.querySelectorAll("[data-row]")].slice(0, 6).map((row) =>
          row.dataset.index === undefined ? row.innerText.replaceAll(/\\s+/g, " ") : row.querySelector(".name").textContent)"""
    )
    return found


def kept(figure: cv.Figure) -> tuple[int, ...]:
    assert isinstance(figure._props, ScoreMapProps)
    return figure._props.kept


def chips(page: Page) -> Locator:
    return page.get_by_test_id("kept-head")


def test_heads_are_listed_by_what_they_stand_out_in_and_a_click_keeps_a_group(open_page: Opener) -> None:
    page = grouped(open_page)
    assert rows(page) == ROWS
    groups = page.get_by_test_id("group")
    groups.first.click()
    expect(chips(page)).to_have_text(["2.1", "3.4"])
    expect(page.get_by_test_id("mark")).to_have_count(2)
    expect(groups.first).to_have_attribute("aria-selected", "true")
    groups.nth(1).click()
    groups.first.click()
    expect(chips(page)).to_have_text(["0.2"])
    groups.nth(2).click()  # those that nothing is said of are no group
    expect(chips(page)).to_have_text(["0.2"])
    page.get_by_test_id("list-groups").click()
    expect(groups).to_have_count(0)


def test_the_keyboard_reaches_groups_and_heads_alike(open_page: Opener) -> None:
    page = grouped(open_page)
    area = page.get_by_test_id("head-list")
    area.press("Home")
    expect(area.locator(".active")).to_have_text("high induction 2")
    area.press("Enter")
    expect(chips(page)).to_have_text(["2.1", "3.4"])
    for _ in range(4):
        area.press("ArrowDown")
    expect(status(page)).to_contain_text("Head 0.2: induction ")
    area.press("Shift+Enter")
    expect(chips(page)).to_have_text(["0.2", "2.1", "3.4"])
    area.press("ArrowUp")
    area.press("Space")
    expect(chips(page)).to_have_text(["2.1", "3.4"])


def test_a_finger_keeps_a_group_and_removes_a_head(open_page: Opener) -> None:
    page = grouped(open_page, has_touch=True, width=360)
    page.get_by_test_id("group").first.tap()
    expect(chips(page)).to_have_text(["2.1", "3.4"])
    page.get_by_role("button", name="Remove head 2.1").tap()
    expect(chips(page)).to_have_text(["3.4"])


def test_the_selection_is_a_list_for_python_and_part_of_the_call_and_of_the_picture(open_page: Opener) -> None:
    page = grouped(open_page, permissions=CLIPBOARD["permissions"])
    page.get_by_test_id("group").first.click()
    page.get_by_test_id("copy-kept").click()
    expect(page.get_by_test_id("copied-list")).to_have_text("Copied: [(2, 1), (3, 4)]")
    pairs = ast.literal_eval(page.evaluate("navigator.clipboard.readText()"))
    assert kept(cv.heads.score_map(SCORES, kept=pairs)) == (11, 19)
    open_menu(page)
    call = copied(page, "copy-python")
    assert kept(eval(call, {"cv": cv, "scores": SCORES})) == (11, 19)  # noqa: S307  # what is tested
    picture = saved(page, "export-svg").decode()
    assert picture.count("stroke-dasharray") == 2


def test_what_the_call_keeps_and_its_color_scale_are_there_at_first(open_page: Opener) -> None:
    page = open_page(cv.heads.score_map(SCORES, kept=["L3H4"], color_scale="sqrt").data)
    wait_idle(page)
    expect(chips(page)).to_have_text(["3.4"])
    expect(page.get_by_test_id("mark")).to_have_count(1)
    expect(page.get_by_test_id("transform").get_by_role("radio", name="Square root")).to_be_checked()


def test_the_numbers_of_heads_stand_upright_below_their_columns(open_page: Opener) -> None:
    page = grouped(open_page)
    labels = page.get_by_test_id("axis-cols").locator("span:visible")
    expect(labels).to_have_text([str(head) for head in range(HEADS)])
    area = score_map(page).bounding_box()
    assert area is not None
    for head in range(HEADS):
        box = labels.nth(head).bounding_box()
        assert box is not None
        assert abs(box["x"] + box["width"] / 2 - area["x"] - area["width"] * (head + 0.5) / HEADS) < 1
        assert 10 <= box["height"] <= 16
