"""Scores before the softmax: the constant of a mask is no value, and real values keep theirs."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np
import numpy.typing as npt
import pytest

from tests.support import models, reference
from tests.support.caches import words

pytest.importorskip("torch")
import torch

from tests.support.masks import CONSTANTS, LOWEST, causal, columns, left_padding, scores, window

MASKS = {
    "causal": causal(6),
    "causal, a window": causal(6) | window(6, 2, 0),
    "causal, right padding": causal(6) | columns(6, 4, 5),
    "causal, left padding whose rows are empty": left_padding(6, 3),
    "right padding of an encoder": columns(6, 5),
    "left padding of an encoder": columns(6, 0, 1),
    "a window of an encoder, and padding": window(6, 1, 1) | columns(6, 5),
    "two texts packed in one": np.kron(np.array([[0, 1], [1, 0]], bool), np.ones((3, 3), bool)),
}


def shown_values(values: npt.NDArray[Any], *tokens: Any, **options: Any) -> reference.Float64:
    return reference.shown(cv.attention.from_values(values, *tokens, **options))


@pytest.mark.parametrize("constant", CONSTANTS)
@pytest.mark.parametrize("name", MASKS)
def test_the_constant_of_a_mask_has_no_value_and_every_score_keeps_its_digits(name: str, constant: float) -> None:
    real = scores((3, 6, 6))
    shown = shown_values(np.where(MASKS[name], np.float32(constant), real), words(6))
    assert np.array_equal(np.isnan(shown), np.broadcast_to(MASKS[name], real.shape))
    assert np.nanmax(np.abs(shown - real)) <= 0.51 / 32767 * np.abs(real).max()


@pytest.mark.parametrize("attention", ["eager", "sdpa"])
def test_scores_of_a_bridge_are_shown_beside_its_mask(attention: str, quiet_libraries: None) -> None:
    model = models.bridge("gpt2", attention=attention)
    _, cache = model.run_with_cache(models.ids(2))
    cached_scores = cache["blocks.1.attn.hook_attn_scores"].numpy()
    shown = shown_values(cached_scores[0], words(7))
    later = np.broadcast_to(causal(7), shown.shape)
    assert np.array_equal(np.isnan(shown), later)
    np.testing.assert_allclose(
        shown[~later], cached_scores[0][~later], atol=1e-4 * np.abs(cached_scores[0][~later]).max()
    )


@models.needs_hooked_transformer
def test_scores_of_a_hooked_transformer_are_shown_beside_minus_infinity(quiet_libraries: None) -> None:
    model = models.hooked(use_local_attn=True, window_size=3, attn_types=["global", "local"])
    _, cache = model.run_with_cache(models.ids())
    for layer, mask in enumerate([causal(7), causal(7) | window(7, 2, 0)]):
        cached_scores = cache[f"blocks.{layer}.attn.hook_attn_scores"]
        assert torch.isneginf(cached_scores).any()
        assert np.array_equal(
            np.isnan(shown_values(cached_scores[0], words(7))), np.broadcast_to(mask, cached_scores[0].shape)
        )


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
def test_a_mask_that_is_added_leaves_the_score_on_top_and_may_overflow(dtype: torch.dtype) -> None:
    real = torch.tensor(scores((4, 6, 6)) * 5).to(dtype)
    masked = torch.tensor(causal(6))
    lowest = torch.finfo(dtype).min
    for constant in (lowest, -10000.0):
        added = real + masked.to(dtype) * constant
        assert np.array_equal(np.isnan(shown_values(added, words(6))), np.broadcast_to(causal(6), added.shape))
    twice = real + masked.to(dtype) * -1e4 + torch.tensor(columns(6, 5)).to(dtype) * -1e4  # both masks at (0..4, 5)
    assert np.array_equal(
        np.isnan(shown_values(twice, words(6))), np.broadcast_to(causal(6) | columns(6, 5), twice.shape)
    )


def test_layers_with_a_window_and_without_are_masked_each_as_it_is() -> None:
    masks = [causal(6), causal(6) | window(6, 1, 0)]
    layers = tuple(torch.tensor(np.where(mask, LOWEST["float32"], scores((1, 2, 6, 6)))) for mask in masks)
    shown = reference.shown(cv.attention.from_values(layers, [words(6)]))
    assert np.array_equal(np.isnan(shown), np.repeat(np.stack(masks), 2, axis=0))


def test_rows_of_the_last_positions_and_chosen_rows_are_masked_after_their_own_position() -> None:
    for rows in ([3, 4, 5], [1, 4]):
        mask = causal(6)[rows]
        shown = shown_values(
            np.where(mask, LOWEST["float32"], scores((2, len(rows), 6))),
            dest_tokens=[words(6)[row] for row in rows],
            src_tokens=words(6),
        )
        assert np.array_equal(np.isnan(shown), np.broadcast_to(mask, shown.shape))


@pytest.mark.parametrize("mode", ["small", "large", "lines"])
def test_a_causal_mask_is_drawn_as_masked_in_every_mode(mode: Any) -> None:
    values = np.where(causal(6), LOWEST["float32"], scores((2, 6, 6)))
    figure = cv.attention.from_values(values, words(6), mode)
    row = reference.props(figure).sequences[0]
    assert row.attention.layout == "causal"
    low, high = reference.props(figure).value_range
    assert low == pytest.approx(values[:, ~causal(6)].min()) and high == pytest.approx(values[:, ~causal(6)].max())


def test_padding_is_found_in_masked_scores() -> None:
    values = np.stack([scores((2, 6, 6)), scores((2, 6, 6), 1)])
    values[:, :, causal(6)] = LOWEST["float32"]
    values[1][:, left_padding(6, 2)] = LOWEST["float32"]
    figure = cv.attention.from_values(values, [words(6), words(4)])
    np.testing.assert_allclose(reference.shown(figure, 1)[:, 3, :], values[1, :, 5, 2:], atol=1e-3)


@pytest.mark.parametrize("name", ["gpt2", "bloom", "llama", "gemma2", "mistral_window"])
def test_rows_of_padding_have_no_score_and_leave_the_digits_of_the_others(name: str, quiet_libraries: None) -> None:
    model, ids, mask = models.bridge(name), models.ids(2), torch.ones(2, 7, dtype=torch.int64)
    mask[1, :2] = 0
    _, cache = model.run_with_cache(ids, attention_mask=mask)
    figure = cv.attention.from_cache(cache, [words(7)] * 2, mode="lines")  # with the padding
    for head in range(8):
        kinds = {reference.computation(figure, head, sequence).kind for sequence in range(2)}
        assert kinds <= {"product", "scores"}
        scores = cache[f"blocks.{head // 4}.attn.hook_attn_scores"][1, head % 4].numpy()
        computed = reference.computed(figure, head, 1)
        assert np.isnan(computed[:2]).all() and np.isnan(computed[:, :2]).all()
        want = cache[f"blocks.{head // 4}.attn.hook_pattern"][1, head % 4].numpy()
        np.testing.assert_allclose(np.nan_to_num(computed[2:]), want[2:], rtol=0, atol=1e-4)
        added_term = reference.computation(figure, head, 1).added_term
        if added_term is not None and reference.computation(figure, head, 1).kind == "scores":
            shown = reference.decode(added_term)[0]
            np.testing.assert_allclose(shown[~np.isnan(shown)], scores[~np.isnan(shown)], rtol=0, atol=1e-6)


def test_padding_does_not_hide_the_product_of_its_batch(quiet_libraries: None) -> None:
    model, ids, mask = models.bridge("gpt2"), models.ids(1), torch.ones(1, 7, dtype=torch.int64)
    mask[0, :2] = 0
    _, cache = model.run_with_cache(ids, attention_mask=mask)
    figure = cv.attention.from_cache(cache, words(7), mode="lines")
    assert {reference.computation(figure, head).kind for head in range(8)} == {"product"}


def test_the_users_scores_are_not_written() -> None:
    values = np.where(causal(6), np.float32(-1e9), scores((2, 6, 6)))
    before = values.copy()
    cv.attention.from_values(values, words(6))
    assert np.array_equal(values, before)


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("one outlier that would fill the triangle of two tokens", ((0, 1),)),
        ("outliers before the destination", ((3, 0), (4, 1), (5, 0))),
        ("half of a triangle", tuple((q, k) for q in range(3) for k in range(q + 1, 6) if k != 3)),
        ("one row", tuple((2, k) for k in range(6))),
        ("scattered", ((0, 1), (1, 5), (2, 2), (4, 0), (5, 3))),
    ],
)
def test_outliers_without_the_shape_of_a_mask_are_values(name: str, cells: tuple[tuple[int, int], ...]) -> None:
    n = 2 if "two" in name else 6
    values = scores((1, n, n))
    for q, k in cells:
        values[0, q, k] = -1e6
    shown = shown_values(values, words(n))
    assert not np.isnan(shown).any()
    assert shown[0][cells[0]] == pytest.approx(-1e6)


def test_a_triangle_that_is_not_far_below_the_other_values_is_kept() -> None:
    for constant, size in ((-5.0, 1.0), (-8e3, 1.0), (-1e5, 2e3), (1e9, 1.0), (0.5, 1.0)):
        values = np.where(causal(6), np.float32(constant), scores((2, 6, 6)) * np.float32(size))
        assert not np.isnan(shown_values(values, words(6))).any()


def test_one_head_without_the_mask_shows_that_there_is_none() -> None:
    values = np.where(causal(6), np.float32(-1e6), scores((3, 6, 6)))
    values[1, 2, 4] = 1.0
    values[1, 3, 5] = 1.0
    assert not np.isnan(shown_values(values, words(6))).any()


def test_minus_infinity_without_the_shape_of_a_mask_is_refused_with_its_cell() -> None:
    values = scores((1, 6, 6))
    values[0, 4, 1] = -np.inf
    values[0, 2, 2] = -np.inf
    with pytest.raises(ValueError, match="destination 2, source 2"):
        cv.attention.from_values(values, words(6))
