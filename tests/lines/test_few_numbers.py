"""Few or rounded numbers: wrong vectors may agree by chance and are not shown as a product."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from circuitsvis._common.rounding import unit_roundoff
from circuitsvis._lines.computation import computations
from circuitsvis._lines.layer_activations import LayerActivations, VectorStage
from hypothesis import given
from hypothesis import strategies as st

from tests.support.computed_layer import (
    D_HEAD,
    DROPPED_BITS,
    N_HEADS,
    Array,
    ComputedLayer,
    divisors,
    kinds,
    rounded,
)


def test_a_single_token_shows_a_product_only_where_its_score_tests_it() -> None:
    result = ComputedLayer(1).computations(divisors=[4.0])
    assert kinds(result) == {("pattern", None)} and "nothing in the pattern tests" in result[0].description
    tested = ComputedLayer(1, lambda dot: dot / 4.0).computations(scores=True, divisors=[4.0])
    assert kinds(tested) == {("product", None)} and divisors(tested) == [4.0] and tested[0].description == ""
    assert kinds(ComputedLayer(1, lambda dot: dot * 0.3 + 7.0).computations(scores=True)) == {("scores", "score")}


def test_a_single_token_whose_pattern_is_cached_as_scores_has_no_scores() -> None:
    model = ComputedLayer(1)
    model.scores = model.pattern  # [[1]], and the softmax of that is [[1]]
    result = model.computations(scores=True)
    assert kinds(result) == {("pattern", None)} and "scores are the pattern itself" in result[0].description


def test_a_pattern_with_one_source_per_row_is_no_evidence_for_any_vectors() -> None:
    """If all other sources, which are exactly 0, were called masked, every product would fit."""
    sharp = np.eye(6, dtype=np.float32)[[0, 0, 1, 2, 3, 4]][None]
    rng = np.random.default_rng(0)
    vectors = VectorStage(rng.normal(size=(6, 1, 8)).astype(np.float32), rng.normal(size=(6, 1, 8)).astype(np.float32))
    [computation] = computations(LayerActivations(0, 1, [vectors]), [0], list(sharp))
    assert computation.kind == "pattern" and "No query here attends to two sources" in computation.description


@given(st.integers(0, 10**6), st.integers(1, 2), st.sampled_from([3e-5, 0.3, 1.0, 5.0, 30.0]))
def test_one_or_two_tokens_show_the_right_product_or_say_that_too_few_numbers_test_it(
    seed: int, n: int, size: float
) -> None:
    for computation in ComputedLayer(n, size=size, seed=seed).computations():
        assert computation.divisor in (None, math.sqrt(D_HEAD)) and computation.added_term is None
        assert (
            computation.kind == "product"
            or "is uncertain" in computation.description
            or "nothing in the pattern tests" in computation.description
        )


def test_numbers_that_every_format_can_hold_do_not_show_the_format() -> None:
    """Ones, zeros and halves in a pattern are no sign of half precision; rounded values of q are."""
    pattern = np.array([[1.0, 0.0], [0.5, 0.5]], np.float32)
    q = np.array([0.1, -0.7], np.float32)
    assert unit_roundoff(pattern) == unit_roundoff(pattern, q) == 2.0**-24
    assert unit_roundoff(pattern, rounded(q, DROPPED_BITS["bfloat16"])) == 2.0**-8
    assert unit_roundoff(pattern, rounded(q, DROPPED_BITS["float16"])) == 2.0**-11


@pytest.mark.parametrize("bits", DROPPED_BITS.values(), ids=DROPPED_BITS)
def test_numbers_of_half_precision_are_compared_within_their_rounding(bits: int) -> None:
    exact = ComputedLayer(12, size=8.0)
    layer = LayerActivations(0, N_HEADS, [VectorStage(rounded(exact.q, bits), rounded(exact.k, bits))])
    result = computations(layer, range(N_HEADS), list(rounded(exact.pattern, bits)))
    assert kinds(result) == {("product", None)} and divisors(result) == [math.sqrt(D_HEAD)]
    assert "within 0.0" in result[0].description
    capped = computations(replace(layer, cap=50.0), range(N_HEADS), list(rounded(exact.pattern, bits)))
    assert kinds(capped) == {("product", None)}  # scores of 20 show that there is no cap of 50
    wrong = LayerActivations(0, N_HEADS, [VectorStage(rounded(exact.q, bits)[::-1], rounded(exact.k, bits))])
    assert kinds(computations(wrong, range(N_HEADS), list(rounded(exact.pattern, bits)))) == {("pattern", None)}


def half_rotary(n: int, seed: int, *, scores: bool) -> tuple[LayerActivations, list[Array]]:
    """A layer of 12 heads in bfloat16 that rotates a quarter of its 64 dimensions, with q and k from before the rotation.

    The scores are small, so that at the first positions the wrong product is nearly within their rounding.
    """
    rng, n_heads, d_head, n_rotated = np.random.default_rng(seed), 12, 64, 16
    q = rounded(rng.normal(size=(n, n_heads, d_head)) * 0.1, DROPPED_BITS["bfloat16"])
    k = rounded(rng.normal(size=(n, n_heads, d_head)), DROPPED_BITS["bfloat16"])
    angles = np.arange(n)[:, None, None] * 1e4 ** (-np.arange(0, n_rotated, 2) / n_rotated)

    def rotated(vectors: Array) -> Array:
        exact_vectors = vectors.astype(np.float64)
        first, second = exact_vectors[..., : n_rotated // 2], exact_vectors[..., n_rotated // 2 : n_rotated]
        cos, sin = np.cos(angles), np.sin(angles)
        parts = [first * cos - second * sin, second * cos + first * sin, exact_vectors[..., n_rotated:]]
        return rounded(np.concatenate(parts, axis=-1), DROPPED_BITS["bfloat16"])

    dot = np.einsum("qhe,khe->hqk", rotated(q).astype(np.float64), rotated(k).astype(np.float64))
    rounded_scores = rounded(
        np.where(np.tri(n, dtype=bool), dot / math.sqrt(d_head), -np.inf), DROPPED_BITS["bfloat16"]
    )
    weights = np.exp(rounded_scores.astype(np.float64) - rounded_scores.max(-1, keepdims=True))
    pattern = rounded(weights / weights.sum(-1, keepdims=True), DROPPED_BITS["bfloat16"])
    return LayerActivations(0, n_heads, [VectorStage(q, k)], dict(enumerate(rounded_scores)) if scores else {}), list(
        pattern
    )


@pytest.mark.parametrize("scores", [True, False])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_vectors_before_a_rotary_embedding_are_no_product_though_few_rounded_numbers_agree(
    n: int, scores: bool
) -> None:
    for seed in range(40):
        layer, pattern = half_rotary(n, seed, scores=scores)
        result = computations(layer, range(12), pattern)
        assert {computation.kind for computation in result} == {"scores" if scores else "pattern"}, seed
        assert all(computation.description for computation in result)
