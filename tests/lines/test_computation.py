"""Which tensors lead to a pattern is found from the numbers, and a product is shown only if the numbers confirm it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from circuitsvis._lines.computation import computations
from circuitsvis._lines.layer_activations import LayerActivations, VectorStage
from hypothesis import given
from hypothesis import strategies as st

from tests.support.computed_layer import (
    D_HEAD,
    N_HEADS,
    ComputedLayer,
    Float64,
    divisors,
    kinds,
)


@pytest.mark.parametrize("divisor", [math.sqrt(D_HEAD), 1.0, 4.0, 5.5, math.sqrt(224), 0.37])
@pytest.mark.parametrize("n", [3, 8, 40])
def test_any_divisor_is_found_and_written_as_short_as_it_is(divisor: float, n: int) -> None:
    result = ComputedLayer(n, lambda dot: dot / divisor).computations()
    assert kinds(result) == {("product", None)}
    assert divisors(result) == [pytest.approx(divisor, rel=1e-6)]
    if divisor in (4.0, 5.5, 0.37):
        assert divisors(result) == [divisor]


def test_a_configured_divisor_is_used_only_if_it_fits() -> None:
    model = ComputedLayer(change=lambda dot: dot / 4.0)
    assert divisors(model.computations(divisors=[4.0])) == [4.0]
    assert divisors(model.computations(divisors=[8.0])) == [4.0]


MASKS = {
    "causal": np.tri(8, dtype=bool),
    "bidirectional": np.ones((8, 8), bool),
    "window": np.tri(8, dtype=bool) & ~np.tri(8, k=-3, dtype=bool),
    "padding on the left": np.tri(8, dtype=bool) & (np.arange(8) >= 2),
    "padding on the right": np.ones((8, 8), bool) & (np.arange(8) < 6),
    "two documents": np.kron(np.eye(2), np.ones((4, 4))).astype(bool) & np.tri(8, dtype=bool),
    "rectangular": np.ones((5, 8), bool),
}


@pytest.mark.parametrize("masked_score", [-np.inf, np.finfo(np.float32).min, None])
@pytest.mark.parametrize("name", MASKS)
def test_masked_cells_are_empty_whatever_the_mask_and_its_constant_in_the_scores(
    name: str, masked_score: float | None
) -> None:
    mask = MASKS[name]
    model = ComputedLayer(len(mask), visible=mask, n_src=8)
    model.scores[:, ~mask] = masked_score if masked_score is not None else 0.0
    result = model.computations(scores=masked_score is not None)
    assert kinds(result) == {("product", None)}


def test_attention_too_small_for_its_number_format_is_not_a_mask() -> None:
    """Scores 200 apart: float32 holds 0 for the smaller probability, but the source has a score."""
    model = ComputedLayer(8, size=100.0)
    assert np.any(model.pattern[:, np.tri(8, dtype=bool)] == 0.0)
    for computation in model.computations():
        assert computation.kind == "product" and computation.dot is not None
        assert not np.isnan(computation.dot[np.tri(8, dtype=bool)]).any()


@pytest.mark.parametrize("n", [3, 8, 40])
def test_a_bias_by_distance_is_a_position_bias(n: int) -> None:
    """ALiBi, and other functions of the distance such as relative position embeddings."""
    distance = np.arange(n)[:, None] - np.arange(n)
    slopes = np.array([0.5, 0.01])[:, None, None]
    any_function = np.random.default_rng(1).normal(size=(N_HEADS, 2 * n))[:, distance + n]
    for bias in (-slopes * distance, any_function, slopes * np.arange(n)):
        model = ComputedLayer(n, lambda dot, bias=bias: dot / 4.0 + bias)  # type: ignore[misc]  # a default binds the loop variable
        result = model.computations(scores=True)
        assert kinds(result) == {("product", "position bias")} and divisors(result) == [4.0]
        for computation, wanted in zip(result, bias, strict=True):
            assert computation.added_term is not None
            seen = ~np.isnan(computation.added_term)
            np.testing.assert_allclose(computation.added_term[seen], np.broadcast_to(wanted, (n, n))[seen], atol=1e-5)
        assert kinds(model.computations()) == {("pattern", None)}


@pytest.mark.parametrize("cap", [2.0, 30.0])
@pytest.mark.parametrize("divisor", [math.sqrt(D_HEAD), 1.0, 3.3])
def test_a_soft_cap_is_found_by_its_scores_or_by_its_configuration(cap: float, divisor: float) -> None:
    model = ComputedLayer(12, lambda dot: cap * np.tanh(dot / (divisor * cap)), size=6.0)
    for result in (
        model.computations(scores=True),
        model.computations(cap=cap),
        model.computations(scores=True, cap=cap),
    ):
        assert kinds(result) == {("product", "soft cap")}
        assert divisors(result) == [pytest.approx(divisor, rel=1e-4)]
        assert f"{cap:g} · tanh" in result[0].description


def test_a_configured_cap_that_the_model_does_not_apply_is_not_shown() -> None:
    assert kinds(ComputedLayer(12, size=6.0).computations(cap=2.0)) == {("product", None)}


def test_a_head_of_small_scores_is_explained_as_the_others_of_its_layer_are() -> None:
    """A cap of 50 changes scores of 0.03 by 1e-9, so this head alone would look uncapped."""
    model = ComputedLayer(12, lambda dot: 50.0 * np.tanh(dot * 0.3 / 50.0), size=np.array([[0.02], [10.0]]))
    assert kinds(model.computations(scores=True)) == {("product", "soft cap")}


def test_a_head_that_is_not_shown_is_evidence_of_how_its_layer_works() -> None:
    model = ComputedLayer(12, lambda dot: 50.0 * np.tanh(dot * 0.3 / 50.0), size=np.array([[0.02], [10.0]]))
    layer = LayerActivations(0, N_HEADS, [VectorStage(model.q, model.k)], dict(enumerate(model.scores)))
    alone = computations(layer, [0], [model.pattern[0]])
    supported = computations(layer, [0], [model.pattern[0]], {1: model.pattern[1]})
    assert kinds(alone) == {("product", None)} and kinds(supported) == {("product", "soft cap")}


def test_vectors_before_a_rotary_embedding_give_no_product() -> None:
    turn = np.random.default_rng(3).normal(size=(N_HEADS, 8, 8))
    model = ComputedLayer(8, lambda dot: dot / 3.0 + turn)
    result = model.computations(scores=True)
    assert kinds(result) == {("scores", "score")} and "does not lead to them" in result[0].description
    assert kinds(model.computations()) == {("pattern", None)}


def test_a_small_difference_from_the_product_is_shown_as_a_difference() -> None:
    noise = np.random.default_rng(3).normal(size=(N_HEADS, 8, 8)) * 1e-3
    result = ComputedLayer(8, lambda dot: dot / 4.0 + noise).computations(scores=True)
    assert kinds(result) == {("product", "difference")} and divisors(result) == [pytest.approx(4.0, rel=1e-2)]
    assert "differ a little" in result[0].description


def test_scores_that_are_the_pattern_itself_are_not_scores() -> None:
    model = ComputedLayer()
    model.scores = model.pattern
    wrong = LayerActivations(0, N_HEADS, [VectorStage(model.q[::-1], model.k)], dict(enumerate(model.scores)))
    result = computations(wrong, range(N_HEADS), list(model.pattern))
    assert kinds(result) == {("pattern", None)} and "scores are the pattern itself" in result[0].description
    assert kinds(model.computations(scores=True)) == {("product", None)}  # q and k need no scores


def test_scores_without_the_mask_that_the_pattern_shows_are_scores() -> None:
    """As a bridge caches them in T5's decoder."""
    model = ComputedLayer(8, lambda dot: dot / 3.0 + np.random.default_rng(3).normal(size=(N_HEADS, 8, 8)))
    model.scores[:, ~model.visible] = 1.5
    assert kinds(model.computations(scores=True)) == {("scores", "score")}


def test_a_pattern_that_was_patched_is_not_explained_but_the_others_are() -> None:
    model = ComputedLayer()
    model.pattern[0] = model.pattern[0][:, ::-1]
    layer = LayerActivations(0, N_HEADS, [VectorStage(model.q, model.k)], dict(enumerate(model.scores)))
    result = computations(layer, range(N_HEADS), list(model.pattern))
    assert [computation.kind for computation in result] == ["pattern", "product"]


def test_the_page_says_if_rows_do_not_sum_to_one() -> None:
    """With an attention sink, or attention to padding, the product is right up to a factor per row."""
    model = ComputedLayer()
    model.pattern *= 0.7
    result = model.computations()
    assert kinds(result) == {("pattern", None)} and "do not all sum to 1" in result[0].description


@pytest.mark.parametrize("array", [np.full((3, 3), -0.5), np.zeros((3, 3)), np.full((3, 3), np.nan)])
def test_the_page_says_if_values_are_no_probabilities(array: Float64) -> None:
    vectors = VectorStage(np.ones((3, 1, 4), np.float32), np.ones((3, 1, 4), np.float32))
    [computation] = computations(LayerActivations(0, 1, [vectors]), [0], [array.astype(np.float32)])
    assert computation.kind == "pattern" and computation.description


def test_nan_in_the_vectors_is_no_product() -> None:
    model = ComputedLayer()
    model.q[2, 0, 1] = np.nan
    assert [computation.kind for computation in model.computations()] == ["pattern", "product"]


def test_a_row_without_any_attention_is_empty() -> None:
    visible = np.tri(8, dtype=bool)
    visible[:2] = False
    model = ComputedLayer(visible=visible)
    for computation in (*model.computations(), *model.computations(scores=True)):
        assert (
            computation.dot is not None
            and np.isnan(computation.dot[:2]).all()
            and not np.isnan(computation.dot[2:, 2]).any()
        )


@given(st.integers(0, 10**6), st.integers(5, 12), st.sampled_from([3e-5, 0.3, 1.0, 5.0]), st.booleans(), st.booleans())
def test_vectors_that_do_not_lead_to_the_pattern_are_never_shown_as_a_product(
    seed: int, n: int, size: float, causal: bool, scores: bool
) -> None:
    model = ComputedLayer(n, visible=None if causal else np.ones((n, n), bool), size=size, seed=seed)
    other = np.random.default_rng(seed + 1)
    model.q = (other.normal(size=model.q.shape) * size).astype(np.float32)
    assert {computation.kind for computation in model.computations(scores=scores)} == {
        "scores" if scores else "pattern"
    }


@given(st.integers(0, 10**6), st.integers(3, 12), st.sampled_from([3e-5, 0.3, 1.0, 5.0, 30.0]), st.booleans())
def test_vectors_that_lead_to_the_pattern_are_always_found(seed: int, n: int, size: float, scores: bool) -> None:
    result = ComputedLayer(n, size=size, seed=seed).computations(scores=scores)
    assert kinds(result) == {("product", None)}
    assert divisors(result) == [math.sqrt(D_HEAD)] or size == 3e-5  # scores this small hardly depend on the divisor
