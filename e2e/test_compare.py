"""Two caches compared: the map has the distances of loops, and the tabs show difference and both patterns of the head."""

from __future__ import annotations

import re

import circuitsvis as cv
import numpy as np
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import cell_centre
from e2e.reading import status_texts
from e2e.score_map_page import score_map, shown_head
from tests.support import caches

LAYERS, HEADS, N = 2, 3, 5
A, B = (
    {
        f"blocks.{layer}.attn.hook_pattern": caches.softmax_patterns((HEADS, N, N), seed=seed + layer)
        for layer in range(LAYERS)
    }
    for seed in (0, 10)
)
TOKENS = ["<s>", " Mary", " gave", " John", " milk"]


def opened(open_page: Opener) -> Page:
    other = [*TOKENS[:4], " bread"]
    page = open_page(cv.attention.compare(A, B, TOKENS, other, names=("clean", "corrupted")).data)
    wait_idle(page)
    return page


def test_the_map_has_the_total_variation_of_every_head(open_page: Opener) -> None:
    page = opened(open_page)
    texts = status_texts(page, "heatmap", LAYERS, HEADS)
    for index, text in enumerate(texts):
        layer, head = divmod(index, HEADS)
        name = f"blocks.{layer}.attn.hook_pattern"
        p, q = A[name][head].astype(np.float64), B[name][head].astype(np.float64)
        rows = [sum(abs(q[i, k] / q[i].sum() - p[i, k] / p[i].sum()) for k in range(N)) / 2 for i in range(1, N)]
        found = re.search(r"total variation ([\d.]+), rank", text)
        assert found is not None, text
        assert abs(float(found[1]) - sum(rows) / len(rows)) <= 0.5001e-4


def test_the_tabs_show_the_difference_and_both_patterns(open_page: Opener) -> None:
    page = opened(open_page)
    score_map(page).click(position=cell_centre(score_map(page), 1, 2, LAYERS, HEADS))
    expect(shown_head(page)).to_contain_text("Head 1.2 · pinned")
    name = "blocks.1.attn.hook_pattern"
    a, b = float(A[name][2, 4, 1]), float(B[name][2, 4, 1])
    for tab, value in (("corrupted − clean", b - a), ("clean", a), ("corrupted", b)):
        page.get_by_role("tab", name=tab, exact=True).click()
        wait_idle(page)
        area = page.get_by_test_id("head-figure").locator("[data-testid=heatmap]:visible")
        area.hover(position=cell_centre(area, 4, 1, N, N))
        shown = page.get_by_test_id("head-figure").locator("[data-testid=status]:visible")
        expect(shown).to_contain_text(f"{value:.4f}")


def test_tokens_that_differ_are_named(open_page: Opener) -> None:
    page = opened(open_page)
    expect(
        page.get_by_text("1 token differs and stands as “clean / corrupted” in the difference: “milk / bread”.")
    ).to_be_visible()
