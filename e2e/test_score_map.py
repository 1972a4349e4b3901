"""A map of heads: its numbers, and that every cell opens its head: by mouse, keyboard and touch."""

from __future__ import annotations

import re
import warnings

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis import demo
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import cell_centre, leave
from e2e.reading import status_texts
from e2e.score_map_page import (
    CACHE,
    HEADS,
    LAYERS,
    NAMES,
    SCORES,
    STRONGEST,
    N,
    opened,
    point_at,
    score_map,
    shown_head,
    status,
)
from e2e.zoom_page import Fingers
from tests.support.caches import words


@pytest.mark.parametrize("score", list(SCORES))
def test_the_status_has_the_value_and_the_rank_of_every_head(score: str, open_page: Opener) -> None:
    page = opened(open_page, cache=False)
    page.get_by_test_id("score-select").select_option(score)
    texts = status_texts(page, "heatmap", LAYERS, HEADS)
    values = SCORES[score].ravel()
    for name, value, text in zip(NAMES, values, texts, strict=True):
        assert f"Head {name}: {score} " in text
        if np.isnan(value):
            assert text.endswith("no value")
            continue
        found = re.search(r" (-?[\d.]+(?:e[+-]\d+)?), rank (\d+) of (\d+)$", text)
        assert found is not None, text
        assert abs(float(found[1]) - value) <= 0.5001e-4 * (1 if score == "effect" else 0.1)
        assert int(found[2]) == 1 + sum(other > value for other in values)
        assert int(found[3]) == sum(not np.isnan(other) for other in values)


def test_hovering_previews_a_head_and_clicking_pins_it(open_page: Opener) -> None:
    page = opened(open_page)
    expect(shown_head(page)).to_contain_text(f"Head {NAMES[STRONGEST]} ")
    point_at(page, 1, 2)
    expect(shown_head(page)).to_have_text("Head 1.2 · click it on the map to pin it")
    page.mouse.down()
    page.mouse.up()
    point_at(page, 0, 0)
    expect(shown_head(page)).to_have_text("Head 1.2 · pinned; Esc or click to release")
    expect(status(page)).to_contain_text("Pinned; Esc or click to release. Head 1.2")
    inner = page.get_by_test_id("head-figure")
    expect(inner.get_by_test_id("head")).to_have_count(0)
    area = inner.get_by_test_id("heatmap")
    area.hover(position=cell_centre(area, 4, 3, N, N))
    value = float(CACHE["blocks.1.attn.hook_pattern"][2, 4, 3])
    expect(inner.get_by_test_id("status")).to_contain_text(f"{value:.4f}")
    page.keyboard.press("Escape")
    score_map(page).press("Escape")
    leave(page)
    expect(shown_head(page)).to_contain_text(f"Head {NAMES[STRONGEST]} ")


def test_the_keyboard_moves_over_the_map_and_pins(open_page: Opener) -> None:
    page = opened(open_page)
    area = score_map(page)
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        area.press(key)
    expect(shown_head(page)).to_contain_text("Head 2.1 ")
    area.press("Enter")
    area.evaluate("area => area.blur()")
    expect(shown_head(page)).to_contain_text("Head 2.1 · pinned")
    area.press("Escape")
    expect(status(page)).not_to_contain_text("Pinned")


def test_a_tap_shows_a_head_and_a_long_press_pins_it(open_page: Opener) -> None:
    page = opened(open_page, has_touch=True, width=420)
    area = score_map(page)
    area.tap(position=cell_centre(area, 2, 3, LAYERS, HEADS))
    expect(shown_head(page)).to_contain_text("Head 2.3 ")
    area.scroll_into_view_if_needed()
    box, cell = area.bounding_box(), cell_centre(area, 1, 1, LAYERS, HEADS)
    assert box is not None
    fingers = Fingers(page)
    fingers.down((box["x"] + cell["x"], box["y"] + cell["y"]))
    expect(shown_head(page)).to_contain_text("Head 1.1 · pinned")
    fingers.up()


def test_the_views_of_a_head_show_the_same_head(open_page: Opener) -> None:
    page = opened(open_page)
    area = score_map(page)
    area.click(position=cell_centre(area, 1, 3, LAYERS, HEADS))
    page.get_by_role("tab", name="Lines").click()
    wait_idle(page)
    expect(shown_head(page)).to_contain_text("Head 1.3")
    area.click(position=cell_centre(area, 0, 1, LAYERS, HEADS))
    expect(shown_head(page)).to_contain_text("Head 0.1")
    page.get_by_role("tab", name="Heatmap").click()
    expect(shown_head(page)).to_contain_text("Head 0.1 · pinned")


_COUNT = """(() => {
  globalThis.inflated = 0;
  globalThis.DecompressionStream = class extends DecompressionStream {
    constructor(...options) { super(...options); globalThis.inflated++; }
  };
})()"""


def test_only_heads_that_are_looked_at_are_decoded(open_page: Opener) -> None:
    page = open_page(f"<script>{_COUNT}</script>{cv.heads.score_map(SCORES, CACHE, words(N)).data}")
    wait_idle(page)
    first = page.evaluate("inflated")
    area = score_map(page)
    area.click(position=cell_centre(area, 0, 0, LAYERS, HEADS))
    wait_idle(page)
    assert page.evaluate("inflated") == first + 1
    # scores, previews, two kinds of weights' absence, and the strongest head: none of the other eleven
    assert first <= 6


def test_an_attribution_beside_the_map_follows_it_and_its_other_components_leave_the_map_alone(
    open_page: Opener,
) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("transformer_lens")
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # of the model's libraries
        model = demo.load()
        _, cache = model.run_with_cache(demo.SENTENCES[0])
    tokens = model.to_str_tokens(demo.SENTENCES[0])
    grid = np.arange(16.0).reshape(4, 4)
    page = open_page(cv.heads.score_map(grid, cache, tokens, views=["heatmap", "attribution"]).data)
    page.get_by_role("tab", name="Attribution").click()
    wait_idle(page)
    expect(shown_head(page)).to_contain_text("Head 3.3")
    area = score_map(page)
    area.click(position=cell_centre(area, 1, 2, 4, 4))
    expect(shown_head(page)).to_contain_text("Head 1.2")
    leave(page)
    page.get_by_test_id("bar-count").get_by_text("All").click()
    page.get_by_test_id("components").locator("[data-component='16']").click()
    leave(page)
    expect(shown_head(page)).not_to_contain_text("Head ")
    expect(status(page)).not_to_contain_text("Pinned")
    page.get_by_role("tab", name="Heatmap").click()
    expect(shown_head(page)).to_contain_text("Head 3.3")
