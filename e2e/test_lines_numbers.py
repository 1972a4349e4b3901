"""mode="lines": the numbers on the page of a query, a source and a dimension, against float64."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from playwright.sync_api import expect

from e2e.conftest import Opener
from e2e.lines_page import (
    D_HEAD,
    HEAD_ROW,
    HEADS,
    KV,
    ROW,
    Cache,
    N,
    area,
    column,
    computed_cache,
    opened,
    pin_query,
    status,
    walk,
)
from tests.support import reference
from tests.support.caches import model, words

DIGITS = 4
"""Decimals of the numbers on the page."""


def norms(cache: Cache, layer: int, head: int, kind: str, *index: int) -> reference.Float64:
    """Relative norms of the sources, computed by loops."""
    v = cache[f"blocks.{layer}.attn.hook_v"][index][:, head // (HEADS // KV)].astype(np.float64)
    ones = np.ones((1, len(v)))
    if kind == "value-weighted":
        return reference.value_weighted(ones, v)[0]
    return reference.info_weighted(ones, v, model().blocks[layer].attn.W_O[head].astype(np.float64))[0]


def check(
    cache: Cache,
    numbers_of_source: dict[int, dict[str, float]],
    layer: int,
    head: int,
    query: int,
    *index: int,
    kind: str,
    bias: float = 0.0,
) -> None:
    """Compares every number of one query with float64 loops."""
    prefix = f"blocks.{layer}.attn.hook_"
    q = cache[prefix + "q"][index][query, head].astype(np.float64)
    k = cache[prefix + "k"][index][:, head // (HEADS // KV)].astype(np.float64)
    weight = norms(cache, layer, head, kind, *index)
    half = 0.5 * 10.0**-DIGITS
    assert sorted(numbers_of_source) == list(range(N))
    for source in range(N):
        if source > query:
            assert numbers_of_source[source] == {}, "a masked source has numbers"
            continue
        product = sum(float(q[i]) * float(k[source, i]) for i in range(D_HEAD))
        score = product / math.sqrt(D_HEAD) - bias * (query - source)
        probability = float(cache[prefix + "pattern"][index][head, query, source])
        want = {"q·k": product, "÷ √8": product / math.sqrt(D_HEAD), "probability": probability}
        want[kind] = probability * weight[source]
        if bias:
            want |= {"position bias": -bias * (query - source), "score": score}
        assert set(numbers_of_source[source]) == set(want)
        for name, value in want.items():
            assert abs(numbers_of_source[source][name] - value) <= half + 2e-5, (source, name)


@pytest.mark.parametrize("kind", ["value-weighted", "info-weighted"])
@pytest.mark.parametrize("bias", [0.0, 0.25])
def test_every_step_of_a_query_is_the_models_own_number(bias: float, kind: str, open_page: Opener) -> None:
    cache = computed_cache(bias=bias)
    page = opened(open_page, cache, attention_type=kind, heads=[(1, 3), (0, 2)])
    check(cache, walk(page, 6), 1, 3, 6, kind=kind, bias=bias)
    page.get_by_test_id("head-select").select_option(label="0.2")
    expect(page.get_by_test_id("head-status")).to_contain_text("Head 0.2")
    check(cache, walk(page, 8), 0, 2, 8, kind=kind, bias=bias)


def test_layer_and_head_selectors_and_sequences_change_the_numbers_and_keep_the_query(open_page: Opener) -> None:
    cache = computed_cache(batch=2)
    page = opened(open_page, cache, [words(N), words(N)], attention_type="info-weighted", radioitems=True)
    page.get_by_test_id("layer-select").select_option(label="1")
    page.get_by_test_id("head-select").select_option(label="1.1")
    expect(page.get_by_test_id("head-status")).to_contain_text("Head 1.1")
    check(cache, walk(page, 7), 1, 1, 7, 0, kind="info-weighted")
    page.get_by_test_id("batch-selector").get_by_role("radio").nth(1).check()
    expect(page.get_by_test_id("status")).to_contain_text("Pinned; Esc or click to release. Query 7")
    check(cache, walk(page, 7), 1, 1, 7, 1, kind="info-weighted")
    page.get_by_test_id("layer-select").select_option(label="0")
    expect(page.get_by_test_id("head-status")).to_contain_text("Head 0.1")


def test_a_cell_of_q_k_and_their_product_says_its_dimension_and_value(open_page: Opener) -> None:
    cache = computed_cache()
    page = opened(open_page, cache, layers=1)
    pin_query(page, 5)
    q = cache["blocks.1.attn.hook_q"][5, 0]
    k = cache["blocks.1.attn.hook_k"][3, 0]
    top = area(page).bounding_box()
    assert top is not None
    for name, row in (("q", 5), ("k", 3), ("product", 3)):
        left, width = column(page, name)
        for dim in (0, 5, D_HEAD - 1):
            page.mouse.move(left + (dim + 0.5) * width / D_HEAD, top["y"] + HEAD_ROW + (row + 0.5) * ROW)
            tip = area(page).locator("xpath=..").locator(".box")
            shown_values = dict(
                zip(tip.locator("dt").all_inner_texts(), tip.locator("dd").all_inner_texts(), strict=True)
            )
            assert shown_values["Dimension"] == str(dim)
            want = {"q": q[dim], "k": k[dim], "q × k": q[dim] * k[dim]}
            shown = {"q": ["q"], "k": ["q", "k", "q × k"], "product": ["q", "k", "q × k"]}[name]
            assert [key for key in shown_values if key in want] == shown
            for key in shown:
                assert abs(float(shown_values[key]) - float(want[key])) < 1.1e-3


def test_arrows_go_through_dimensions_and_the_status_shows_the_product(open_page: Opener) -> None:
    cache = computed_cache()
    page = opened(open_page, cache, layers=0)
    walk(page, 8)
    for key in ("Home", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
    match = re.search(r"dimension 1: q (\S+) × k (\S+) = (\S+)$", status(page))
    assert match is not None, status(page)
    q, k = cache["blocks.0.attn.hook_q"][8, 0, 1], cache["blocks.0.attn.hook_k"][0, 0, 1]
    for got, want in zip(match.groups(), (q, k, q * k), strict=True):
        assert abs(float(got) - float(want)) < 1.1e-3
