"""Grids of activation patching: their numbers, by mouse, keyboard and touch; what is exported, and the call that shows the same."""

from __future__ import annotations

import re
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.export_menu import CLIPBOARD, copied, open_menu, rows_of
from e2e.idle import wait_idle
from e2e.pages import cell_centre, leave
from e2e.reading import status_texts
from scripts.fixtures.patching_figures import CHANGED, METRIC, result

TOKENS = ["The", " cat", " sat", " on", " mats"]
LAYERS, HEADS, PAIRS = 3, 4, 2
RESULT = result(LAYERS, TOKENS, HEADS, PAIRS, 71)
ONE = result(LAYERS, TOKENS, HEADS, 1, 72)
NUMBERS = re.compile(r": effect (\S+), metric (\S+)$")


def opened(open_page: Opener, found: cv.heads.Patching, **options: Any) -> Page:
    page = open_page(cv.heads.patching_map(found, radioitems=True).data, **options)
    wait_idle(page)
    return page


def choose(page: Page, kind: str) -> None:
    page.get_by_test_id("kind").get_by_text(kind, exact=True).click()
    wait_idle(page)


def grid(page: Page) -> Locator:
    return page.get_by_test_id("heatmap")


def effect_of(page: Page) -> float:
    """The effect that the status tells."""
    found = NUMBERS.search(page.get_by_test_id("status").inner_text())
    assert found is not None
    return float(found[1])


def point_at(page: Page, row: int, col: int, cols: int) -> None:
    grid(page).hover(position=cell_centre(grid(page), row, col, LAYERS, cols))


@pytest.mark.parametrize(("kind", "sequence"), [("resid_pre", 0), ("mlp_out", 2), ("z", 0), ("z", 2)])
def test_the_status_has_the_effect_and_the_metric_of_every_cell(kind: str, sequence: int, open_page: Opener) -> None:
    page = opened(open_page, RESULT)
    choose(page, kind)
    page.get_by_test_id("batch-selector").get_by_role("radio").nth(sequence).check()
    wait_idle(page)
    effects = RESULT[kind] if sequence == 0 else RESULT.of_pair(kind, sequence - 1)
    metrics = RESULT.patched[kind].mean(0) if sequence == 0 else RESULT.patched[kind][sequence - 1]
    cols = effects.shape[1]
    for place, text in enumerate(status_texts(page, "heatmap", LAYERS, cols)):
        row, col = divmod(place, cols)
        found = NUMBERS.search(text)
        assert found is not None, text
        assert (
            abs(float(found[1]) - effects[row, col]) <= 0.51e-4 and abs(float(found[2]) - metrics[row, col]) <= 0.51e-3
        )
        place_name = f"Head {row}.{col}" if kind == "z" else f"Layer {row}, position {col}"
        assert text.startswith(place_name), text


def test_hovering_tells_a_cell_a_click_pins_it_and_it_stays_in_other_grids_and_pairs(open_page: Opener) -> None:
    page = opened(open_page, RESULT)
    status = page.get_by_test_id("status")
    expect(status).to_have_text("Hover a cell for its effect, click to pin it.")
    point_at(page, 1, CHANGED, 5)
    expect(status).to_contain_text("Layer 1, position 2 ·sat (corrupted ·Lucy): effect ")
    tip = page.locator(".tip")
    expect(tip).to_contain_text("Clean token")
    page.mouse.down()
    page.mouse.up()
    leave(page)
    expect(status).to_contain_text("Pinned; Esc or click to release. Layer 1, position 2")
    choose(page, "attn_out")
    expect(status).to_contain_text(
        "Pinned; Esc or click to release. Layer 1, position 2 ·sat (corrupted ·Lucy): effect "
    )
    assert effect_of(page) == pytest.approx(RESULT["attn_out"][1, CHANGED], abs=1e-5)
    page.get_by_test_id("batch-selector").get_by_role("radio").nth(2).check()
    wait_idle(page)
    assert effect_of(page) == pytest.approx(RESULT.of_pair("attn_out", 1)[1, CHANGED], abs=1e-5)
    choose(page, "z")
    expect(status).to_have_text("Hover a cell for its effect, click to pin it.")
    choose(page, "resid_pre")
    expect(status).to_contain_text("Pinned;")
    grid(page).press("Escape")
    expect(status).not_to_contain_text("Pinned;")


def test_the_keyboard_moves_over_the_grid_and_pins(open_page: Opener) -> None:
    page = opened(open_page, ONE)
    kinds = page.get_by_test_id("kind").get_by_role("radio")
    kinds.first.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    wait_idle(page)
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        grid(page).press(key)
    grid(page).evaluate("area => area.blur()")
    expect(page.get_by_test_id("status")).to_contain_text("Pinned; Esc or click to release. Head 1.1: effect ")
    assert effect_of(page) == pytest.approx(ONE["z"][1, 1], abs=1e-4)


def test_a_tap_tells_a_cell(open_page: Opener) -> None:
    page = opened(open_page, ONE, has_touch=True, width=360)
    grid(page).tap(position=cell_centre(grid(page), 2, 4, LAYERS, 5))
    expect(page.get_by_test_id("status")).to_contain_text("Layer 2, position 4 ·mats: effect ")


def test_the_legend_has_the_metric_and_both_runs_and_its_scale_labels_1(open_page: Opener) -> None:
    page = opened(open_page, ONE)
    legend = page.get_by_test_id("legend")
    expect(legend).to_contain_text(f"Effect on the {METRIC}: 0 is the corrupted run (-2), 1 the clean run (3)")
    ticks = legend.locator(".ticks span")
    assert ticks.all_text_contents() == ["-2", "-1", "0", "1", "2"]  # z has effects of 1.31
    choose(page, "mlp_out")
    page.get_by_test_id("ends").get_by_text("To its largest").click()
    largest = np.abs(ONE["mlp_out"]).max()
    numbers = [float(text) for text in ticks.all_text_contents()]
    assert numbers == pytest.approx([-largest, 0, largest], rel=6e-3)


def test_copy_as_python_gives_a_call_that_shows_the_same(open_page: Opener) -> None:
    results = RESULT
    page = opened(open_page, results, **CLIPBOARD)
    page.get_by_test_id("batch-selector").get_by_role("radio").nth(1).check()
    choose(page, "z")
    grid(page).click(position=cell_centre(grid(page), 2, 3, LAYERS, HEADS))
    page.get_by_test_id("ends").get_by_text("To its largest").click()
    leave(page)
    open_menu(page)
    call = copied(page, "copy-python")
    assert call.startswith("cv.heads.patching_map(")
    again = open_page(eval(call, {"cv": cv, "results": results}).data)  # noqa: S307  # it is what is tested
    wait_idle(again)
    for testid in ("status", "legend", "head-status"):
        assert again.get_by_test_id(testid).inner_text() == page.get_by_test_id(testid).inner_text()


def test_the_values_that_are_copied_are_those_of_the_table(open_page: Opener) -> None:
    page = opened(open_page, RESULT, **CLIPBOARD)
    open_menu(page)
    rows = rows_of(copied(page, "copy-csv"))
    table = cv.heads.patching_map(RESULT).to_dict()
    assert len(rows) == len(table["kind"])
    for name, column in table.items():
        for row, value in zip(rows, column.tolist(), strict=True):
            if isinstance(value, str):
                assert row[name] == value
            else:
                assert float(row[name] or "nan") == pytest.approx(value, rel=1e-8, nan_ok=True)
