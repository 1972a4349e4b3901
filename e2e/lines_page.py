"""A page with mode="lines" on a synthetic cache: how to move in it and read its numbers."""

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
    """A cache whose scores and patterns are computed from its q and k, with grouped keys.

    Args:
        batch: the number of sequences; None for a cache without a batch dimension.
        bias: subtracted from the scores times the distance of the source, as in ALiBi.
    """
    rng = np.random.default_rng(5)
    lead = () if batch is None else (batch,)
    cache: Cache = {}
    for layer in range(LAYERS):
        q = rng.normal(size=(*lead, N, HEADS, D_HEAD))
        k, v = rng.normal(size=(2, *lead, N, KV, D_HEAD))
        k_of_heads = np.repeat(k, HEADS // KV, axis=-2)
        distance = np.arange(N)[:, None] - np.arange(N)
        scores = np.einsum("...qhe,...khe->...hqk", q, k_of_heads) / math.sqrt(D_HEAD) - bias * np.maximum(distance, 0)
        scores = np.where(distance >= 0, scores, -np.inf)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        hooks = {"q": q, "k": k, "v": v, "attn_scores": scores, "pattern": weights / weights.sum(-1, keepdims=True)}
        for name, values in hooks.items():
            cache[f"blocks.{layer}.attn.hook_{name}"] = values.astype(np.float32)
    return cache


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
    expect(page.get_by_test_id("status")).to_contain_text(f"Pinned; Esc or click to release. Query {query} ")


def column(page: Page, name: str) -> tuple[float, float]:
    """Left edge and width of a column on the page, by the class of its header."""
    box = area(page).locator(f".label.{name}").bounding_box()
    assert box is not None
    return box["x"], box["width"]


def walk(page: Page, query: int) -> dict[int, dict[str, float]]:
    """The numbers of a query's sources, read with the keyboard alone: pins the query and visits each source."""
    area(page).focus()
    page.keyboard.press("Escape")
    for _ in range(query + 1):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    numbers_of_source = {}
    for _ in range(N):
        page.keyboard.press("ArrowDown")
        description = status(page)
        source = re.search(r"source (\d+) ", description)
        assert source is not None, description
        numbers_of_source[int(source.group(1))] = numbers(description)
    return numbers_of_source


def numbers(description: str) -> dict[str, float]:
    """The named numbers in a status text, such as "q·k = 0.5"."""
    steps = re.findall(r"(?:^|[:,;]) ([^:,;=]+) = (-?[\d.]+)", description)
    return {name.strip(): float(value) for name, value in steps}
