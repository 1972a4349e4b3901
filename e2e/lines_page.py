"""A page with mode="lines" on a synthetic cache, and how a person reads and moves in it."""

from __future__ import annotations

import math
import re
from typing import Any

import circuitsvis as cv
import numpy as np
from playwright.sync_api import Locator, Page, expect

from e2e.conftest import Opener
from e2e.pages import text
from e2e.reading import wait_drawn
from tests.support.caches import model, words

N, HEADS, KV, D_HEAD, LAYERS = 9, 4, 2, 8, 2

ROW, HEAD_ROW = 22, 36

Cache = dict[str, np.ndarray[Any, Any]]


def computed_cache(batch: int | None = None, *, bias: float = 0.0) -> Cache:
    """q, k, v, scores and patterns that follow from each other; grouped keys; a bias by distance where asked for."""
    rng = np.random.default_rng(5)
    lead = () if batch is None else (batch,)
    found: Cache = {}
    for layer in range(LAYERS):
        q = rng.normal(size=(*lead, N, HEADS, D_HEAD))
        k, v = rng.normal(size=(2, *lead, N, KV, D_HEAD))
        wide = np.repeat(k, HEADS // KV, axis=-2)
        distance = np.arange(N)[:, None] - np.arange(N)
        scores = np.einsum("...qhe,...khe->...hqk", q, wide) / math.sqrt(D_HEAD) - bias * np.maximum(distance, 0)
        scores = np.where(distance >= 0, scores, -np.inf)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        hooks = {"q": q, "k": k, "v": v, "attn_scores": scores, "pattern": weights / weights.sum(-1, keepdims=True)}
        for name, values in hooks.items():
            found[f"blocks.{layer}.attn.hook_{name}"] = values.astype(np.float32)
    return found


def opened(open_page: Opener, cache: Cache, tokens: Any = None, **options: Any) -> Page:
    size: dict[str, int] = {name: options.pop(name) for name in ("width", "height") if name in options}
    browser = options.pop("browser", {})
    figure = cv.attention.from_cache(cache, tokens or words(N), mode="lines", model=model(), **options)
    page = open_page(figure.data, **size, **browser)
    wait_drawn(page)
    return page


def area(page: Page) -> Locator:
    return page.get_by_test_id("lines")


def status(page: Page) -> str:
    return text(page, "status")


def hover_query(page: Page, query: int) -> None:
    box = area(page).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + HEAD_ROW + (query + 0.5) * ROW)


def pin_query(page: Page, query: int) -> None:
    hover_query(page, query)
    page.mouse.down()
    page.mouse.up()
    expect(page.get_by_test_id("status")).to_contain_text(f"Pinned; Esc to release. Query {query} ")


def column(page: Page, name: str) -> tuple[float, float]:
    """Left edge and width of a column on the page, by its head's class."""
    box = area(page).locator(f".head.{name}").bounding_box()
    assert box is not None
    return box["x"], box["width"]


def walk(page: Page, query: int) -> dict[int, dict[str, float]]:
    """By the keyboard alone: pins the query and visits each of its sources."""
    area(page).focus()
    page.keyboard.press("Escape")
    for _ in range(query + 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    found = {}
    for _ in range(N):
        page.keyboard.press("ArrowDown")
        said = status(page)
        source = re.search(r"source (\d+) ", said)
        assert source is not None, said
        found[int(source.group(1))] = numbers(said)
    return found


def numbers(words: str) -> dict[str, float]:
    """The steps that the status line names, and their numbers."""
    steps = re.findall(r"(?:^|[:,;]) ([^:,;=]+) = (-?[\d.]+)", words)
    return {name.strip(): float(value) for name, value in steps}
