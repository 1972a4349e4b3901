"""A split score: its numbers against float64, bars and table that highlight each other, and the call that attention views give for it."""

from __future__ import annotations

import re
import warnings
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis import demo
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.export_menu import CLIPBOARD, copied, open_menu, rows_of, saved
from e2e.idle import wait_idle
from e2e.pages import cell_centre, leave
from e2e.reading import status_texts
from e2e.zoom_page import Fingers
from scripts.fixtures import edge_figures

EDGE = edge_figures.edge(2, 3, 5)
NAMES = [part.name for part in EDGE.query_parts]
N = len(NAMES)
FEW = 10


def opened(open_page: Opener, **options: Any) -> Page:
    page = open_page(EDGE._repr_html_(), **options)
    wait_idle(page)
    return page


def ranked(sums: Any) -> list[int]:
    """Indices of parts in the order of the page: by size, and last what is unaccounted."""
    return [*sorted(range(N - 1), key=lambda part: -abs(sums[part])), N - 1]


def number(text: str) -> float:
    found = re.search(r"-?\d[\d.]*(?:e[+-]\d+)?$", text)
    assert found is not None, text
    return float(found[0])


def bars(page: Page, side: str) -> list[str]:
    names: list[str] = (
        page.get_by_test_id(f"{side}-parts").locator("button").evaluate_all("all => all.map(b => b.ariaLabel)")
    )
    return names


def test_bars_and_cells_have_the_numbers_of_the_edge(open_page: Opener) -> None:
    page = opened(open_page)
    table = [[float(value) for value in row] for row in EDGE.table]
    sums = {"query": [sum(row) for row in table], "key": [sum(column) for column in zip(*table, strict=True)]}
    for count, text in ((FEW, None), (N, f"All {N}")):
        if text:
            page.get_by_test_id("part-count").get_by_text(text).click()
        groups = {}
        for side in ("query", "key"):
            order = ranked(sums[side])
            few, rest = order[: min(count, N - 1)], order[count:-1]
            groups[side] = [[part] for part in few] + ([rest] if rest else []) + [[N - 1]]
            names = [NAMES[part] for part in few] + ([f"{len(rest)} others"] if rest else []) + ["unaccounted"]
            shown = bars(page, side)
            assert [re.sub(r" \S+$", "", text) for text in shown] == names
            wanted = [sum(sums[side][part] for part in group) for group in groups[side]]
            np.testing.assert_allclose([number(text) for text in shown], wanted, atol=0.6e-4)
        texts = status_texts(page, "heatmap", len(groups["query"]), len(groups["key"]))
        pairs = [sum(table[i][j] for i in row for j in col) for row in groups["query"] for col in groups["key"]]
        np.testing.assert_allclose([number(text) for text in texts], pairs, atol=0.6e-4)
    summary = page.get_by_test_id("summary")
    expect(summary).to_contain_text(f"q·k / {np.sqrt(edge_figures.D_HEAD):.4f} {sum(map(sum, table)):.4f}")


def test_tokens_are_listed_with_what_the_edge_adds_to_their_logits(open_page: Opener) -> None:
    page = opened(open_page)
    for testid, tokens in (("promoted", EDGE.promoted), ("suppressed", EDGE.suppressed)):
        rows = page.get_by_test_id(testid).locator("tr")
        expect(rows).to_have_count(len(tokens))
        for row, token in zip(rows.all(), tokens, strict=True):
            text = row.inner_text().split("\t")
            assert text[0].strip().replace("·", " ") == token.text
            assert abs(number(text[1]) - token.logit) <= 0.6e-4


def test_a_bar_marks_its_row_or_column_and_both_make_a_cell(open_page: Opener) -> None:
    page = opened(open_page)
    query, key = (page.get_by_test_id(f"{side}-parts").locator("button") for side in ("query", "key"))
    frame, heatmap = page.get_by_test_id("range-frame"), page.get_by_test_id("heatmap")
    query.nth(3).hover()
    box, area = frame.bounding_box(), heatmap.bounding_box()
    assert box is not None and area is not None
    cell = area["height"] / heatmap_rows(page)
    assert abs(box["y"] - area["y"] - 3 * cell) < 3 and abs(box["width"] - area["width"]) < 3
    query.nth(3).click()
    key.nth(2).hover()
    expect(page.get_by_test_id("status")).to_have_text(re.compile(r"^Pinned.* of the query × .* of the key: -?\d"))
    expect(frame).to_have_count(0)
    leave(page)
    expect(frame).to_have_count(1)
    expect(query.nth(3)).to_have_attribute("aria-pressed", "true")
    heatmap.click(position=cell_centre(heatmap, 1, 4, heatmap_rows(page), heatmap_rows(page)))
    expect(query.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(key.nth(4)).to_have_attribute("aria-pressed", "true")
    heatmap.press("Escape")
    leave(page)
    expect(page.locator("[aria-pressed=true]")).to_have_count(0)


def heatmap_rows(page: Page) -> int:
    return page.get_by_test_id("query-parts").locator("button").count()


def test_the_keyboard_moves_over_bars_and_table(open_page: Opener) -> None:
    page = opened(open_page)
    query = page.get_by_test_id("query-parts").locator("button")
    query.first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("status")).to_contain_text(" of the query × all of the key, most with ")
    page.keyboard.press("Enter")
    expect(query.nth(1)).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    heatmap = page.get_by_test_id("heatmap")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "Enter"):
        heatmap.press(key)
    expect(query.nth(1)).to_have_attribute("aria-pressed", "true")
    heatmap.press("ArrowDown")
    expect(query.nth(2)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("key-parts").locator("button").nth(1)).to_have_attribute("aria-pressed", "true")


def test_a_finger_taps_bars_and_holds_cells(open_page: Opener) -> None:
    page = opened(open_page, width=420, has_touch=True)
    key = page.get_by_test_id("key-parts").locator("button")
    key.nth(2).tap()
    expect(key.nth(2)).to_have_attribute("aria-pressed", "true")
    key.nth(2).tap()
    heatmap = page.get_by_test_id("heatmap")
    heatmap.scroll_into_view_if_needed()
    box, at = heatmap.bounding_box(), cell_centre(heatmap, 1, 3, heatmap_rows(page), heatmap_rows(page))
    assert box is not None
    fingers = Fingers(page)
    fingers.down((box["x"] + at["x"], box["y"] + at["y"]))
    expect(key.nth(3)).to_have_attribute("aria-pressed", "true")
    fingers.up()


def test_the_copied_call_shows_the_same_pair(open_page: Opener) -> None:
    page = opened(open_page, **CLIPBOARD)
    heatmap = page.get_by_test_id("heatmap")
    heatmap.click(position=cell_centre(heatmap, 2, 0, heatmap_rows(page), heatmap_rows(page)))
    leave(page)
    before = page.get_by_test_id("status").text_content()
    open_menu(page)
    call = copied(page, "copy-python")
    again = open_page(eval(call, {"cv": cv, "edge": EDGE}).data)  # noqa: S307  # what is tested
    wait_idle(again)
    assert again.get_by_test_id("status").text_content() == before, call


def test_files_have_every_pair_and_the_table_with_its_sums(open_page: Opener) -> None:
    page = opened(open_page)
    open_menu(page)
    rows = rows_of(saved(page, "export-csv").decode())
    assert [(row["query_part"], row["key_part"]) for row in rows] == [(a, b) for a in NAMES for b in NAMES]
    np.testing.assert_allclose([float(row["value"]) for row in rows], EDGE.table.ravel(), atol=1e-6)
    picture = saved(page, "export-svg").decode()
    strongest = ranked(EDGE.by_query_part)[0]
    assert NAMES[strongest] in picture and f"{EDGE.by_query_part[strongest]:+.3f}" in picture


@pytest.fixture(scope="module")
def names() -> dict[str, Any]:
    """What the copied calls of attention views use: a cache of two sentences, of different lengths."""
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformer_lens")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # of the model's libraries
        model = demo.load()
        _, cache = model.run_with_cache(demo.SENTENCES)
    return {"cv": cv, "model": model, "cache": cache, "tokens": model.to_str_tokens(demo.SENTENCES)}


def _cell(page: Page, dest: int, src: int, rows: int) -> None:
    area = page.get_by_test_id("heatmap")
    area.click(position=cell_centre(area, dest, src, rows, rows))


VIEWS = {
    "large": "cv.attention.from_cache(cache, tokens, mode='large', layers=[2, 3], batch_idx=[2, 1])",
    "lines": "cv.attention.from_cache(cache, tokens, mode='lines', heads=(3, 1), batch_idx=1, display_mode='light')",
    "attribution": "cv.attribution.from_cache(cache, model, tokens, heads=[(2, 1), (3, 1)], batch_idx=[2, 1])",
}


@pytest.mark.parametrize("view", VIEWS)
def test_attention_views_give_the_call_for_the_pinned_cell(view: str, open_page: Opener, names: dict[str, Any]) -> None:
    page = open_page(eval(VIEWS[view], dict(names)).data, **CLIPBOARD)  # noqa: S307  # what is tested
    wait_idle(page)
    open_menu(page)
    page.get_by_test_id("copy-edge").click()
    expect(page.get_by_test_id("export-status")).to_have_text(
        "Not done: pin a cell of one head first, by a click or Enter"
    )
    page.keyboard.press("Escape")
    if view == "lines":
        lines = page.get_by_test_id("lines")
        lines.click(position={"x": 20, "y": 36 + 22 * 5 + 8})
    else:
        page.get_by_test_id("batch-selector").get_by_role("combobox").click()
        page.get_by_role("option").nth(1).click()
        wait_idle(page)
        page.locator("[data-testid=head][data-head='3.1']").click()
        _cell(page, 5, 2, len(names["tokens"][1]) - (view == "attribution"))
    leave(page)
    wait_idle(page)
    open_menu(page)
    call = copied(page, "copy-edge")
    edge = eval(call, dict(names))  # noqa: S307  # what is tested
    assert (edge.head, edge.dest, edge.tokens[0]) == ((3, 1), 5, names["tokens"][1][5]), call
    assert "batch_idx=1" in call
    pattern = names["cache"]["pattern", 3][1, 1, 5].tolist()
    assert edge.attention == pytest.approx(pattern[edge.src], abs=1e-6)
    assert edge.src == (pattern.index(max(pattern)) if view == "lines" else 2)
