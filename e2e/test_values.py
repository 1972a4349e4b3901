"""The numbers on the page against float64 references, for all attention types, grouped keys and paddings."""

from __future__ import annotations

import math
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from e2e.conftest import Opener
from e2e.reading import show_head, values, wait_drawn
from tests.support import models, reference
from tests.support.caches import cache, model, words

TYPES = {"standard": "Standard", "value-weighted": "Value-weighted", "info-weighted": "Info-weighted"}


def tolerance(figure: object, sequence: int, attention_type: str) -> float:
    """The error bound, plus half a unit of the last digit that is shown with it."""
    bound = reference.bound(figure, sequence, attention_type)  # type: ignore[arg-type]
    return bound + 0.5 * 10.0 ** -math.floor(-math.log10(2 * bound))


def choose_type(page: Page, attention_type: str) -> None:
    page.get_by_test_id("attention-type").get_by_text(TYPES[attention_type], exact=True).click()


def check(page: Page, testid: str, want: reference.Float64, within: float) -> None:
    got = values(page, testid, *want.shape)
    masked = np.isnan(got)
    assert not np.any(want[masked]), "a masked cell has a value"
    assert not masked.all()
    assert np.abs(got - want)[~masked].max() <= within


@pytest.mark.parametrize("mode", ["small", "large"])
@pytest.mark.parametrize("n_kv", [4, 2])
def test_every_cell_of_a_head_shows_its_value_in_all_three_types(n_kv: int, mode: str, open_page: Opener) -> None:
    data, net = cache(n_kv=n_kv), model()
    figure = cv.attention.from_cache(data, words(6), mode=mode, model=net)  # type: ignore[call-overload]
    page = open_page(figure.data)
    wait_drawn(page)
    for layer, head in [(0, 0), (1, 3)]:
        show_head(page, layer * 4 + head)
        pattern = data[f"blocks.{layer}.attn.hook_pattern"][head].astype(np.float64)
        v = data[f"blocks.{layer}.attn.hook_v"][:, head // (4 // n_kv)].astype(np.float64)
        w_o = net.blocks[layer].attn.W_O[head].astype(np.float64)
        wanted = {
            "standard": pattern,
            "value-weighted": reference.value_weighted(pattern, v),
            "info-weighted": reference.info_weighted(pattern, v, w_o),
        }
        for attention_type, want in wanted.items():
            choose_type(page, attention_type)
            check(page, "overview" if mode == "small" else "heatmap", want, tolerance(figure, 0, attention_type))


@pytest.mark.parametrize("side", ["left", "right"])
def test_padded_sequences_show_their_real_tokens_and_the_choice_of_head_stays(side: str, open_page: Opener) -> None:
    data, net = cache(batch=3), model()
    tokens = [words(6), words(4), words(1)]
    figure = cv.attention.from_cache(
        data,
        tokens,
        mode="large",
        attention_type="value-weighted",
        model=net,
        padding_side=side,
        radioitems=True,  # type: ignore[call-overload]
    )
    page = open_page(figure.data)
    wait_drawn(page)
    show_head(page, 5)
    for index in (1, 0):
        page.get_by_test_id("batch-selector").get_by_role("radio").nth(index).check()
        n = len(tokens[index])
        expect(page.get_by_test_id("token-strip").get_by_role("button")).to_have_count(n)
        expect(page.get_by_test_id("head").nth(5)).to_have_attribute("aria-pressed", "true")
        real = slice(6 - n, 6) if side == "left" else slice(0, n)
        pattern = data["blocks.1.attn.hook_pattern"][index, 1][real, real].astype(np.float64)
        v = data["blocks.1.attn.hook_v"][index, real, 1].astype(np.float64)
        check(page, "heatmap", reference.value_weighted(pattern, v), tolerance(figure, index, "value-weighted"))


def test_the_overview_names_the_strongest_head_of_each_cell(open_page: Opener) -> None:
    data = cache()
    figure = cv.attention.from_cache(data, words(6))
    page = open_page(figure.data)
    wait_drawn(page)
    expect(page.get_by_test_id("head-status")).to_contain_text("All heads")
    stacked = np.concatenate([data[f"blocks.{layer}.attn.hook_pattern"] for layer in range(2)]).astype(np.float64)
    check(page, "overview", stacked.max(0), tolerance(figure, 0, "standard"))


def test_signed_and_rectangular_values_and_gaps_are_shown_as_given(open_page: Opener) -> None:
    array = np.random.default_rng(0).normal(size=(1, 3, 7)) * 20
    array[0, 1, 2], array[0, 2, 2] = np.nan, 0.0
    figure = cv.attention.from_values(array, dest_tokens=words(3), src_tokens=words(7), mode="large")
    page = open_page(figure.data)
    wait_drawn(page)
    got = values(page, "heatmap", 3, 7)
    assert np.array_equal(np.isnan(got), np.isnan(array[0]))
    assert np.nanmax(np.abs(got - array[0])) <= tolerance(figure, 0, "standard")
    assert got[2, 2] == 0


@pytest.mark.parametrize("kind", ["bridge", pytest.param("hooked", marks=models.needs_hooked_transformer)])
@pytest.mark.filterwarnings("ignore")
def test_a_real_cache_is_shown_as_the_model_computed_it(kind: str, open_page: Opener) -> None:
    net: Any = models.bridge("llama_gqa") if kind == "bridge" else models.hooked(**models.HOOKED["gqa_rotary"])
    with torch.no_grad():
        _, found = net.run_with_cache(models.ids())
    figure = cv.attention.from_cache(found, words(7), heads=[(1, 3)], attention_type="info-weighted", mode="large")
    page = open_page(figure.data)
    wait_drawn(page)
    pattern, v = found["pattern", 1][0, 3].double().numpy(), found["v", 1][0, :, 1].double().numpy()
    want = reference.info_weighted(pattern, v, net.blocks[1].attn.W_O[3].detach().double().numpy())
    check(page, "heatmap", want, tolerance(figure, 0, "info-weighted"))
