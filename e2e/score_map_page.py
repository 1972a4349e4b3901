"""The page of a map of heads, and what tests read from it."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
from playwright.sync_api import Locator, Page

from e2e.conftest import Opener
from e2e.idle import wait_idle
from e2e.pages import cell_centre
from tests.support import caches
from tests.support.caches import words

LAYERS, HEADS, N = 3, 4, 6
CACHE = caches.cache(LAYERS, HEADS, n=N)
RANDOM = np.random.default_rng(5)
SCORES = {"effect": RANDOM.normal(0, 1, (LAYERS, HEADS)), "entropy": RANDOM.uniform(0.001, 0.01, (LAYERS, HEADS))}
SCORES["effect"][2, 1] = np.nan
STRONGEST = int(np.nanargmax(np.abs(SCORES["effect"])))
# Names in the captions and on the page
NAMES = [f"{layer}.{head}" for layer in range(LAYERS) for head in range(HEADS)]


def opened(open_page: Opener, *, cache: bool = True, **options: Any) -> Page:
    rest = (CACHE, words(N)) if cache else ()
    page = open_page(cv.heads.score_map(SCORES, *rest).data, **options)
    wait_idle(page)
    return page


def score_map(page: Page) -> Locator:
    return page.get_by_test_id("score-map").get_by_test_id("heatmap")


def shown_head(page: Page) -> Locator:
    """The caption of the head's figure."""
    return page.get_by_test_id("head-figure").locator("[data-testid=head-status]:visible")


def status(page: Page) -> Locator:
    return page.get_by_test_id("status").first


def point_at(page: Page, layer: int, head: int) -> None:
    area = score_map(page)
    area.hover(position=cell_centre(area, layer, head, LAYERS, HEADS))


def order(page: Page) -> list[int]:
    """The heads of the list from top to bottom, all of which are built."""
    numbers: list[int] = page.get_by_test_id("head-list").evaluate(
        "list => [...list.querySelectorAll('[data-index]')].map((row) => Number(row.dataset.index))"
    )
    return numbers
