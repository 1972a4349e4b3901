"""Value- and info-weights against float64, for a W_O that hardly reads v, for huge v, and for v that is not finite."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import circuitsvis as cv
import numpy as np
import pytest
from circuitsvis._attention import weighting

from tests.support import reference
from tests.support.caches import Array, softmax_patterns, words

BOUND = 1.6e-5
"""Error bound of a weighted value on the page."""


def shown(v: Array, w_o: Array, attention_type: str) -> Any:
    n = len(v)
    data = {"blocks.0.attn.hook_pattern": softmax_patterns((1, n, n)), "blocks.0.attn.hook_v": v[:, None]}
    model = SimpleNamespace(
        blocks=[SimpleNamespace(attn=SimpleNamespace(W_O=w_o[None]))], cfg=SimpleNamespace(n_layers=1), tokenizer=None
    )
    figure = cv.attention.from_cache(data, words(n), attention_type=attention_type, model=model)  # type: ignore[call-overload]
    return softmax_patterns((1, n, n))[0].astype(np.float64), reference.shown(figure, attention_type=attention_type)[0]


@pytest.mark.parametrize("n", [6, 40])
@pytest.mark.parametrize("strength", [1.0, 1e-3, 1e-5])
def test_info_weights_are_exact_if_w_o_hardly_reads_v(n: int, strength: float) -> None:
    rng = np.random.default_rng(0)
    w_o = rng.normal(size=(16, 64)).astype(np.float32)
    axis = rng.normal(size=16)
    axis /= np.linalg.norm(axis)
    w_o = (w_o - np.outer(axis, axis @ w_o)).astype(np.float32)  # reads nothing along the axis, up to rounding
    v = (100.0 * axis + strength * rng.normal(size=(n, 16))).astype(np.float32)
    pattern, values = shown(v, w_o, "info-weighted")
    want = reference.info_weighted(pattern, v.astype(np.float64), w_o.astype(np.float64))
    assert np.nanmax(np.abs(values - want)) <= BOUND


def test_a_value_that_is_not_finite_has_no_weight_and_does_not_change_the_others() -> None:
    rng = np.random.default_rng(0)
    v, w_o = rng.normal(size=(6, 8)).astype(np.float32), rng.normal(size=(8, 20)).astype(np.float32)
    for bad in (np.nan, np.inf):
        broken = v.copy()
        broken[2, 3] = bad
        for attention_type in ("value-weighted", "info-weighted"):
            by_value = attention_type == "value-weighted"
            norms = weighting.value_norms(broken) if by_value else weighting.written_norms(broken, w_o)
            weights = weighting.relative(norms)
            assert np.isnan(weights[2]) and np.isfinite(np.delete(weights, 2)).all()
            pattern, values = shown(broken, w_o, attention_type)
            others = [k for k in range(6) if k != 2]
            lengths = np.linalg.norm(v.astype(float) if by_value else v.astype(float) @ w_o, axis=-1)[others]
            want = pattern[-1, others] * lengths / lengths.max()
            assert np.isnan(values[2:, 2]).all()
            np.testing.assert_allclose(values[-1, others], want, atol=BOUND)


def test_values_whose_squares_overflow_float32_have_their_weights() -> None:
    v = np.random.default_rng(0).normal(size=(6, 8)).astype(np.float32)
    w_o = np.eye(8, 20, dtype=np.float32)
    for attention_type in ("value-weighted", "info-weighted"):
        _, small = shown(v, w_o, attention_type)
        _, large = shown(v * np.float32(1e25), w_o, attention_type)
        np.testing.assert_allclose(large, small, atol=2 * BOUND)
