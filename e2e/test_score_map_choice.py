"""Choosing heads on a score map beside its cells: in the list, by name, in the scatter; kept heads, and the call that shows the same."""

from __future__ import annotations

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.export_menu import CLIPBOARD, copied, open_menu
from e2e.idle import wait_idle
from e2e.pages import cell_centre, leave
from e2e.score_map_page import (
    CACHE,
    HEADS,
    LAYERS,
    NAMES,
    RANDOM,
    SCORES,
    STRONGEST,
    N,
    opened,
    order,
    score_map,
    shown_head,
    status,
)
from tests.support.caches import words


def test_the_list_is_sorted_by_the_chosen_score_and_pins(open_page: Opener) -> None:
    page = opened(open_page)
    effect = SCORES["effect"].ravel()
    present = [head for head in range(LAYERS * HEADS) if not np.isnan(effect[head])]
    absent = [9]
    assert order(page) == sorted(present, key=lambda head: -effect[head]) + absent
    button = page.get_by_test_id("list-order")
    button.click()
    assert order(page) == sorted(present, key=lambda head: effect[head]) + absent
    button.click()
    assert order(page) == sorted(present, key=lambda head: -abs(effect[head])) + absent
    page.get_by_role("button", name="Head", exact=True).click()
    assert order(page) == list(range(LAYERS * HEADS))
    button.click()
    page.get_by_test_id("score-select").select_option("entropy")
    entropy = SCORES["entropy"].ravel()
    assert order(page) == sorted(range(LAYERS * HEADS), key=lambda head: -entropy[head])
    row = page.get_by_test_id("head-list").get_by_role("option").nth(4)
    row.click()
    head = int(row.get_attribute("data-index") or -1)
    expect(row).to_have_attribute("aria-selected", "true")
    expect(shown_head(page)).to_contain_text(f"Head {NAMES[head]} · pinned")
    page.get_by_test_id("head-list").press("ArrowDown")
    expect(shown_head(page)).to_contain_text(f"Head {NAMES[order(page)[5]]} · pinned")


@pytest.mark.parametrize("typed", ["2.1", "L2H1", "2 1"])
def test_a_head_is_found_by_its_name(typed: str, open_page: Opener) -> None:
    page = opened(open_page)
    field = page.get_by_test_id("find-head").get_by_role("combobox")
    field.fill(typed)
    field.press("Enter")
    expect(shown_head(page)).to_contain_text("Head 2.1 · pinned")
    expect(status(page)).to_contain_text("Head 2.1: effect no value")


def test_the_head_that_is_shown_already_is_pinned_by_its_name(open_page: Opener) -> None:
    page = opened(open_page)
    field = page.get_by_test_id("find-head").get_by_role("combobox")
    field.fill(NAMES[STRONGEST])
    field.press("Enter")
    expect(shown_head(page)).to_contain_text(f"Head {NAMES[STRONGEST]} · pinned")


def test_several_heads_are_kept_and_marked_everywhere(open_page: Opener) -> None:
    page = opened(open_page)
    area = score_map(page)
    area.click(position=cell_centre(area, 0, 1, LAYERS, HEADS), modifiers=["Shift"])
    area.click(position=cell_centre(area, 2, 2, LAYERS, HEADS), modifiers=["Control"])
    expect(status(page)).not_to_contain_text("Pinned")
    chips = page.get_by_test_id("kept-head")
    expect(chips).to_have_text(["0.1", "2.2"])
    expect(page.get_by_test_id("mark")).to_have_count(2)
    expect(page.get_by_test_id("head-list").locator(".kept")).to_have_count(2)
    area.click(position=cell_centre(area, 1, 0, LAYERS, HEADS))
    page.get_by_test_id("keep").click()
    expect(chips).to_have_text(["0.1", "1.0", "2.2"])
    chips.nth(2).click()
    expect(shown_head(page)).to_contain_text("Head 2.2 · pinned")
    page.get_by_test_id("map-form").get_by_text("Scatter").click()
    expect(page.get_by_test_id("scatter").locator(".ring.kept")).to_have_count(3)
    page.get_by_role("button", name="Remove head 0.1").click()
    expect(chips).to_have_text(["1.0", "2.2"])
    page.get_by_role("button", name="Remove all").click()
    expect(chips).to_have_count(0)


def test_a_scatter_has_a_point_for_each_head_with_both_values(open_page: Opener) -> None:
    page = opened(open_page)
    page.get_by_test_id("map-form").get_by_text("Scatter").click()
    page.get_by_test_id("other-score").select_option("entropy")
    scatter = page.get_by_test_id("scatter")
    scatter.press("ArrowRight")
    expect(status(page)).to_contain_text(f"Head {NAMES[STRONGEST]}: effect {SCORES['effect'].ravel()[STRONGEST]:.4f}")
    expect(status(page)).to_contain_text(f"; entropy {SCORES['entropy'].ravel()[STRONGEST]:.6f}")
    ring = scatter.locator(".ring")
    box, frame = ring.bounding_box(), scatter.bounding_box()
    assert box is not None
    assert frame is not None
    leave(page)
    scatter.evaluate("area => area.blur()")
    expect(ring).to_have_count(0)
    page.mouse.click(box["x"] + box["width"] / 2 + 2, box["y"] + box["height"] / 2)
    expect(shown_head(page)).to_contain_text(f"Head {NAMES[STRONGEST]} · pinned")
    expect(page.get_by_text("1 head has no value of both")).to_be_visible()
    page.get_by_test_id("map-form").get_by_text("Map", exact=True).click()
    expect(status(page)).to_contain_text(f"Pinned; Esc or click to release. Head {NAMES[STRONGEST]}")


def test_the_copied_call_shows_the_same_score_and_head(open_page: Opener) -> None:
    page = opened(open_page, permissions=CLIPBOARD["permissions"])
    page.get_by_test_id("score-select").select_option("entropy")
    area = score_map(page)
    area.click(position=cell_centre(area, 2, 2, LAYERS, HEADS))
    open_menu(page.locator("section.figure > .frame > .row").first)
    call = copied(page, "copy-python")
    figure = eval(call, {"cv": cv, "scores": SCORES, "cache": CACHE, "tokens": words(N)})  # noqa: S307  # what is tested
    assert (figure._props.score, figure._props.head) == (1, 2 * HEADS + 2)


def test_a_list_of_a_thousand_heads_builds_only_the_rows_in_view(open_page: Opener) -> None:
    values = RANDOM.normal(0, 1, (32, 32))
    page = open_page(cv.heads.score_map(values).data)
    wait_idle(page)
    rows = page.get_by_test_id("head-list").get_by_role("option")
    assert rows.count() < 40
    page.get_by_test_id("head-list").press("End")
    expect(page.get_by_test_id("head-list").locator(f"[data-index='{int(values.argmin())}']")).to_be_visible()
    assert rows.count() < 40
