"""logit_lens in a browser: every number on screen, in tables and in files is what float64 finds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.export_menu import CLIPBOARD, copied, open_menu, rows_of, saved
from e2e.idle import wait_idle
from e2e.lens_page import Truth, color, grid, hover, middle, near, opened, percent
from e2e.pages import leave, text
from scripts.fixtures.lens_figures import FIGURES
from scripts.fixtures.tokens import IOI


def test_every_cell_says_the_numbers_that_float64_finds(open_page: Opener) -> None:
    page, truth = opened(open_page, "lens", width=1700), Truth([IOI], 6, 1)
    names = [*(f"{i}_pre" for i in range(6)), "final_post"]
    grid(page).focus()
    page.keyboard.press("Home")
    for row in range(7):
        for col in range(len(IOI)) if row in (0, 3, 6) else (2, 7):
            hover(page, row, col)
            stage = 6 - row
            place = f"{names[stage]} at position {col} {IOI[col].replace(' ', '·')}: top token"
            expect(page.get_by_test_id("status")).to_contain_text(place)
            truth.check(text(page, "status"), stage, col)


def test_the_tooltip_lists_the_likeliest_tokens_and_the_target(open_page: Opener) -> None:
    page, truth = opened(open_page, "lens"), Truth([IOI], 6, 1)
    for row, col in ((0, 2), (3, 5), (6, 1)):
        hover(page, row, col)
        log_probs = truth.log_probs[6 - row, col]
        order = np.argsort(-log_probs, kind="stable")[:5]
        rows = page.locator(".tip tr")
        expect(rows.locator(".token")).to_have_text([truth.texts[i] for i in order])
        for i, shown in zip(order, rows.locator(".number").all_inner_texts(), strict=True):
            near(float(shown.removesuffix(" %")), 100 * math.exp(log_probs[i]))
        target = truth.ids[col + 1]
        rank = 1 + int((log_probs > log_probs[target]).sum())
        expect(page.locator(".tip dd").first).to_contain_text(f"{truth.texts[target]} · rank {rank} · ")


def test_a_click_pins_a_cell_and_the_chart_shows_its_target(open_page: Opener) -> None:
    page, truth = opened(open_page, "lens"), Truth([IOI], 6, 1)
    grid(page).click(position=middle(2, 3))  # type: ignore[arg-type]  # as above
    hover(page, 5, 1)
    expect(page.get_by_test_id("status")).to_contain_text("Pinned; Esc or click to release. 4_pre at position 3")
    target = truth.ids[4]
    column = truth.log_probs[:, 3]
    chart = page.get_by_test_id("path")
    expect(chart).to_contain_text(f"Target {truth.texts[target]} at position 3")
    ranks = 1 + (column > column[:, target, None]).sum(-1)
    labels = chart.locator("svg").evaluate_all("all => all.map((one) => one.ariaLabel)")
    assert labels == [
        f"Probability of the target: from {percent(column[0, target])} at 0_pre to {percent(column[-1, target])} at final_post",
        f"Rank of the target: from {ranks[0]} at 0_pre to {ranks[-1]} at final_post",
    ]
    heights = chart.locator("svg").first.locator("circle").evaluate_all("all => all.map((one) => one.cy.baseVal.value)")
    np.testing.assert_allclose(heights, 8 + (1 - np.exp(column[:, target])) * 70, atol=0.01)
    grid(page).click(position=middle(2, 3))  # type: ignore[arg-type]  # as above
    leave(page)
    expect(page.get_by_test_id("status")).to_contain_text("Hover a cell")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colors_are_those_of_the_chosen_value(open_page: Opener, scheme: str) -> None:
    page, truth = opened(open_page, "lens", color_scheme=scheme), Truth([IOI], 6, 1)
    all_final = truth.log_probs[-1]
    largest = (np.exp(all_final) * (all_final - truth.log_probs)).sum(-1).max()
    ends = {
        "top token": lambda row, target, final: math.exp(row.max()),
        "target": lambda row, target, final: math.exp(row[target]),
        "rank": lambda row, target, final: 1 - min(
            math.log(1 + (row > row[target]).sum()) / math.log(min(len(row), 1000)), 1
        ),
        "entropy": lambda row, target, final: -(np.exp(row) * row).sum() / math.log(len(row)),
        "KL": lambda row, target, final: (np.exp(final) * (final - row)).sum() / largest,
    }  # fmt: skip
    stops = {"light": [(255, 255, 255), (166, 203, 232), (58, 130, 196), (10, 63, 134)],
             "dark": [(28, 31, 37), (31, 76, 125), (63, 147, 224), (203, 230, 255)]}[scheme]  # fmt: skip
    for name, share in ends.items():
        page.get_by_test_id("coloring").get_by_text(name, exact=True).click()
        leave(page)
        wait_idle(page)
        for row, col in ((0, 2), (3, 5), (6, 1)):
            value = share(truth.log_probs[6 - row, col], truth.ids[col + 1], all_final[col])
            want = [np.interp(3 * value, range(4), [stop[channel] for stop in stops]) for channel in range(3)]
            np.testing.assert_allclose(color(page, row, col), want, atol=2, err_msg=f"{name} at {row}, {col}")


def test_values_as_a_table_are_those_of_the_last_stage_or_of_a_position(open_page: Opener) -> None:
    page, truth = opened(open_page, "lens"), Truth([IOI], 6, 1)
    page.get_by_test_id("table-button").click()
    table = page.get_by_test_id("value-table")
    rows = table.locator("tbody tr")
    expect(rows).to_have_count(len(IOI))
    row = truth.log_probs[6, 2]
    cells = [f"2 {IOI[2].replace(' ', '·')}", truth.texts[int(row.argmax())], percent(row.max())]
    assert rows.nth(2).locator("th, td").all_inner_texts()[:3] == cells
    grid(page).click(position=middle(1, 2))  # type: ignore[arg-type]  # as above
    expect(rows).to_have_count(7)
    assert rows.first.locator("th, td").all_inner_texts()[:3] == ["final_post", *cells[1:]]


def test_a_csv_has_the_rows_of_python_and_the_call_what_is_shown(open_page: Opener) -> None:
    page = opened(open_page, "lens-batch", **CLIPBOARD)
    open_menu(page)
    rows = rows_of(saved(page, "export-csv").decode())
    table = FIGURES["lens-batch"]().to_dict()
    assert list(rows[0]) == list(table)
    assert len(rows) == len(table["layer"])
    for name, column in table.items():
        if column.dtype == object:
            assert [row[name] for row in rows] == column.tolist()
        else:
            got = np.array([float(row[name] or "nan") for row in rows])
            np.testing.assert_allclose(got, column.astype(float), rtol=1e-8)
    code = copied(page, "copy-python")
    assert 'color_by="rank"' in code and 'focus={"sequence": 1, "layer": "2_pre", "position": 3}' in code


def test_an_svg_holds_the_words_in_sight(open_page: Opener) -> None:
    page, truth = opened(open_page, "lens", width=1700), Truth([IOI], 6, 1)
    open_menu(page)
    svg = saved(page, "export-svg").decode()
    for col in range(len(IOI)):
        assert f">{truth.texts[int(truth.log_probs[6, col].argmax())]}</text>" in svg
    assert "final_post" in svg and "0_pre" in svg and "Probability of the top token" in svg
