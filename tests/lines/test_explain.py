"""Which tensors lead to a pattern: found by the numbers, and never claimed where the numbers do not say so."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from circuitsvis._common.rounding import unit_roundoff
from circuitsvis._lines.computation import HeadComputation, computations
from circuitsvis._lines.layer_activations import LayerActivations, VectorStage
from hypothesis import given
from hypothesis import strategies as st

Array = npt.NDArray[np.float32]
Wide = npt.NDArray[np.float64]
Change = Callable[[Wide], Wide]
HEADS, D_HEAD = 2, 8


class Model:
    """q, k, scores and pattern of one layer that follow from each other.

    Args:
        change: what happens to q·k [head, dest, src] before the mask; default: divided by sqrt(d_head).
        visible: [dest, src]; default causal.
        size: standard deviation of q, of each head where it is an array [head, 1].
    """

    def __init__(
        self, n: int = 8, change: Change | None = None, visible: npt.NDArray[np.bool_] | None = None,
        *, size: float | Wide = 1.0, seed: int = 0, n_src: int | None = None,
    ) -> None:  # fmt: skip
        rng = np.random.default_rng(seed)
        self.q: Array = (rng.normal(size=(n, HEADS, D_HEAD)) * size).astype(np.float32)
        self.k: Array = rng.normal(size=(n_src or n, HEADS, D_HEAD)).astype(np.float32)
        dot = np.einsum("qhe,khe->hqk", self.q.astype(np.float64), self.k.astype(np.float64))
        self.visible = np.tri(n, dtype=bool) if visible is None else visible
        scores = np.where(self.visible, change(dot) if change else dot / math.sqrt(D_HEAD), -np.inf)
        weights = np.exp(scores - np.nan_to_num(scores.max(-1, keepdims=True), neginf=0.0))
        sums = weights.sum(-1, keepdims=True)
        self.scores: Array = scores.astype(np.float32)
        self.pattern: Array = np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0).astype(np.float32)

    def explained(self, *, scores: bool = False, **known: object) -> list[HeadComputation]:
        cached = dict(enumerate(self.scores)) if scores else {}
        layer = LayerActivations(0, HEADS, [VectorStage(self.q, self.k)], cached, **known)  # type: ignore[arg-type]  # by the caller
        found = computations(layer, range(HEADS), list(self.pattern))
        for one, pattern, visible in zip(found, self.pattern, [self.visible] * HEADS, strict=True):
            leads_to(one, pattern, visible)
        return found


def leads_to(one: HeadComputation, pattern: Array, visible: npt.NDArray[np.bool_]) -> None:
    """What is shown gives the pattern, and is blank exactly where the model masks (underflow apart)."""
    if one.kind == "pattern":
        assert one.description and one.dot is None and one.added_term is None
        return
    parts = [part for part in (one.dot, one.added_term) if part is not None]
    scores = sum(parts)
    assert isinstance(scores, np.ndarray)
    for part in parts:
        assert np.array_equal(np.isnan(part), np.isnan(scores))
    weights = np.exp(
        np.nan_to_num(scores - np.nanmax(np.where(np.isnan(scores), -1e9, scores), -1, keepdims=True), nan=-np.inf)
    )
    sums = weights.sum(-1, keepdims=True)
    np.testing.assert_allclose(np.divide(weights, sums, out=weights, where=sums > 0), pattern, atol=1e-5)
    assert not np.any(pattern[np.isnan(scores)])
    assert np.all(np.isnan(scores[~visible]))


def kinds(found: list[HeadComputation]) -> set[tuple[str, str | None]]:
    return {(one.kind, one.added_term_name) for one in found}


def divisors(found: list[HeadComputation]) -> list[float | None]:
    return sorted({one.divisor for one in found}, key=lambda divisor: divisor or 0.0)


@pytest.mark.parametrize("divisor", [math.sqrt(D_HEAD), 1.0, 4.0, 5.5, math.sqrt(224), 0.37])
@pytest.mark.parametrize("n", [3, 8, 40])
def test_any_divisor_is_found_and_written_as_short_as_it_is(divisor: float, n: int) -> None:
    found = Model(n, lambda dot: dot / divisor).explained()
    assert kinds(found) == {("product", None)}
    assert divisors(found) == [pytest.approx(divisor, rel=1e-6)]
    if divisor in (4.0, 5.5, 0.37):
        assert divisors(found) == [divisor]


def test_a_configured_divisor_counts_only_where_it_fits() -> None:
    model = Model(change=lambda dot: dot / 4.0)
    assert divisors(model.explained(divisors=[4.0])) == [4.0]
    assert divisors(model.explained(divisors=[8.0])) == [4.0]


def test_a_single_token_shows_a_product_only_where_its_score_tests_it() -> None:
    found = Model(1).explained(divisors=[4.0])
    assert kinds(found) == {("pattern", None)} and "nothing in the pattern tests" in found[0].description
    tested = Model(1, lambda dot: dot / 4.0).explained(scores=True, divisors=[4.0])
    assert kinds(tested) == {("product", None)} and divisors(tested) == [4.0] and tested[0].description == ""
    assert kinds(Model(1, lambda dot: dot * 0.3 + 7.0).explained(scores=True)) == {("scores", "score")}


def test_a_single_token_whose_pattern_is_cached_as_scores_has_no_scores() -> None:
    model = Model(1)
    model.scores = model.pattern  # [[1]], and the softmax of that is [[1]]
    found = model.explained(scores=True)
    assert kinds(found) == {("pattern", None)} and "is the pattern itself" in found[0].description


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
def test_masked_cells_are_blank_whatever_the_mask_and_however_scores_write_it(
    name: str, masked_score: float | None
) -> None:
    mask = MASKS[name]
    model = Model(len(mask), visible=mask, n_src=8)
    model.scores[:, ~mask] = masked_score if masked_score is not None else 0.0
    found = model.explained(scores=masked_score is not None)
    assert kinds(found) == {("product", None)}


def test_attention_too_small_for_its_number_format_is_not_a_mask() -> None:
    """Scores 200 apart: float32 holds 0 for the smaller probability, but the source has a score."""
    model = Model(8, size=100.0)
    assert np.any(model.pattern[:, np.tri(8, dtype=bool)] == 0.0)
    for one in model.explained():
        assert one.kind == "product" and one.dot is not None
        assert not np.isnan(one.dot[np.tri(8, dtype=bool)]).any()


@pytest.mark.parametrize("n", [3, 8, 40])
def test_a_bias_by_distance_is_a_position_bias(n: int) -> None:
    """ALiBi, and any other function of the distance, as relative position embeddings are."""
    distance = np.arange(n)[:, None] - np.arange(n)
    slopes = np.array([0.5, 0.01])[:, None, None]
    any_function = np.random.default_rng(1).normal(size=(HEADS, 2 * n))[:, distance + n]
    for bias in (-slopes * distance, any_function, slopes * np.arange(n)):
        model = Model(n, lambda dot, bias=bias: dot / 4.0 + bias)  # type: ignore[misc]  # bound for the loop
        found = model.explained(scores=True)
        assert kinds(found) == {("product", "position bias")} and divisors(found) == [4.0]
        for one, wanted in zip(found, bias, strict=True):
            assert one.added_term is not None
            seen = ~np.isnan(one.added_term)
            np.testing.assert_allclose(one.added_term[seen], np.broadcast_to(wanted, (n, n))[seen], atol=1e-5)
        assert kinds(model.explained()) == {("pattern", None)}


@pytest.mark.parametrize("cap", [2.0, 30.0])
@pytest.mark.parametrize("divisor", [math.sqrt(D_HEAD), 1.0, 3.3])
def test_a_soft_cap_is_found_by_its_scores_or_by_its_configuration(cap: float, divisor: float) -> None:
    model = Model(12, lambda dot: cap * np.tanh(dot / (divisor * cap)), size=6.0)
    for found in (model.explained(scores=True), model.explained(cap=cap), model.explained(scores=True, cap=cap)):
        assert kinds(found) == {("product", "soft cap")}
        assert divisors(found) == [pytest.approx(divisor, rel=1e-4)]
        assert f"{cap:g} · tanh" in found[0].description


def test_a_configured_cap_that_the_model_does_not_apply_is_not_shown() -> None:
    assert kinds(Model(12, size=6.0).explained(cap=2.0)) == {("product", None)}


def test_a_head_of_small_scores_is_explained_as_the_others_of_its_layer_are() -> None:
    """Under a cap of 50 scores of 0.03 change by 1e-9: alone that head would look uncapped."""
    model = Model(12, lambda dot: 50.0 * np.tanh(dot * 0.3 / 50.0), size=np.array([[0.02], [10.0]]))
    assert kinds(model.explained(scores=True)) == {("product", "soft cap")}


def test_a_head_that_is_not_shown_is_evidence_of_how_its_layer_works() -> None:
    model = Model(12, lambda dot: 50.0 * np.tanh(dot * 0.3 / 50.0), size=np.array([[0.02], [10.0]]))
    layer = LayerActivations(0, HEADS, [VectorStage(model.q, model.k)], dict(enumerate(model.scores)))
    alone = computations(layer, [0], [model.pattern[0]])
    supported = computations(layer, [0], [model.pattern[0]], {1: model.pattern[1]})
    assert kinds(alone) == {("product", None)} and kinds(supported) == {("product", "soft cap")}


def test_vectors_before_a_rotary_embedding_give_no_product() -> None:
    turn = np.random.default_rng(3).normal(size=(HEADS, 8, 8))
    model = Model(8, lambda dot: dot / 3.0 + turn)
    found = model.explained(scores=True)
    assert kinds(found) == {("scores", "score")} and "does not lead to them" in found[0].description
    assert kinds(model.explained()) == {("pattern", None)}


def test_a_rest_that_is_small_is_shown_as_a_rest() -> None:
    noise = np.random.default_rng(3).normal(size=(HEADS, 8, 8)) * 1e-3
    found = Model(8, lambda dot: dot / 4.0 + noise).explained(scores=True)
    assert kinds(found) == {("product", "difference")} and divisors(found) == [pytest.approx(4.0, rel=1e-2)]
    assert "differ a little" in found[0].description


def test_scores_that_are_the_pattern_itself_are_not_scores() -> None:
    model = Model()
    model.scores = model.pattern
    wrong = LayerActivations(0, HEADS, [VectorStage(model.q[::-1], model.k)], dict(enumerate(model.scores)))
    found = computations(wrong, range(HEADS), list(model.pattern))
    assert kinds(found) == {("pattern", None)} and "is the pattern itself" in found[0].description
    assert kinds(model.explained(scores=True)) == {("product", None)}  # q and k need no scores


def test_scores_without_the_mask_that_the_pattern_shows_are_scores() -> None:
    """As a bridge caches them in T5's decoder."""
    model = Model(8, lambda dot: dot / 3.0 + np.random.default_rng(3).normal(size=(HEADS, 8, 8)))
    model.scores[:, ~model.visible] = 1.5
    assert kinds(model.explained(scores=True)) == {("scores", "score")}


def test_a_pattern_that_was_patched_is_not_explained_but_the_others_are() -> None:
    model = Model()
    model.pattern[0] = model.pattern[0][:, ::-1]
    layer = LayerActivations(0, HEADS, [VectorStage(model.q, model.k)], dict(enumerate(model.scores)))
    found = computations(layer, range(HEADS), list(model.pattern))
    assert [one.kind for one in found] == ["pattern", "product"]


def test_rows_that_do_not_sum_to_one_are_said() -> None:
    """Attention sinks, or padding that tokens attend to: the product is right up to a factor per row."""
    model = Model()
    model.pattern *= 0.7
    found = model.explained()
    assert kinds(found) == {("pattern", None)} and "do not all sum to 1" in found[0].description


@pytest.mark.parametrize("array", [np.full((3, 3), -0.5), np.zeros((3, 3)), np.full((3, 3), np.nan)])
def test_values_that_are_no_probabilities_are_said(array: Wide) -> None:
    vectors = VectorStage(np.ones((3, 1, 4), np.float32), np.ones((3, 1, 4), np.float32))
    [one] = computations(LayerActivations(0, 1, [vectors]), [0], [array.astype(np.float32)])
    assert one.kind == "pattern" and one.description


def test_nan_in_the_vectors_is_no_product() -> None:
    model = Model()
    model.q[2, 0, 1] = np.nan
    assert [one.kind for one in model.explained()] == ["pattern", "product"]


def test_a_row_that_sees_nothing_is_blank() -> None:
    visible = np.tri(8, dtype=bool)
    visible[:2] = False
    model = Model(visible=visible)
    for one in (*model.explained(), *model.explained(scores=True)):
        assert one.dot is not None and np.isnan(one.dot[:2]).all() and not np.isnan(one.dot[2:, 2]).any()


def test_a_sharp_pattern_does_not_vouch_for_any_vectors() -> None:
    """One source per row, all others exactly 0: with those called masked, every product would fit."""
    sharp = np.eye(6, dtype=np.float32)[[0, 0, 1, 2, 3, 4]][None]
    rng = np.random.default_rng(0)
    vectors = VectorStage(rng.normal(size=(6, 1, 8)).astype(np.float32), rng.normal(size=(6, 1, 8)).astype(np.float32))
    [one] = computations(LayerActivations(0, 1, [vectors]), [0], list(sharp))
    assert one.kind == "pattern" and "No query here weighs two sources" in one.description


@given(st.integers(0, 10**6), st.integers(5, 12), st.sampled_from([3e-5, 0.3, 1.0, 5.0]), st.booleans(), st.booleans())
def test_vectors_that_do_not_lead_to_the_pattern_are_never_shown_as_a_product(
    seed: int, n: int, size: float, causal: bool, scores: bool
) -> None:
    model = Model(n, visible=None if causal else np.ones((n, n), bool), size=size, seed=seed)
    other = np.random.default_rng(seed + 1)
    model.q = (other.normal(size=model.q.shape) * size).astype(np.float32)
    assert {one.kind for one in model.explained(scores=scores)} == {"scores" if scores else "pattern"}


@given(st.integers(0, 10**6), st.integers(3, 12), st.sampled_from([3e-5, 0.3, 1.0, 5.0, 30.0]), st.booleans())
def test_vectors_that_lead_to_the_pattern_are_always_found(seed: int, n: int, size: float, scores: bool) -> None:
    found = Model(n, size=size, seed=seed).explained(scores=scores)
    assert kinds(found) == {("product", None)}
    assert divisors(found) == [math.sqrt(D_HEAD)] or size == 3e-5  # scores that small hardly tell


@given(st.integers(0, 10**6), st.integers(1, 2), st.sampled_from([3e-5, 0.3, 1.0, 5.0, 30.0]))
def test_one_or_two_tokens_show_the_right_product_or_say_that_too_little_tests_it(
    seed: int, n: int, size: float
) -> None:
    for one in Model(n, size=size, seed=seed).explained():
        assert one.divisor in (None, math.sqrt(D_HEAD)) and one.added_term is None
        assert (
            one.kind == "product" or "not sure" in one.description or "nothing in the pattern tests" in one.description
        )


BITS = {"bfloat16": 16, "float16": 13}
"""Of the 24 significant bits of float32, those that a format does not keep."""


def rounded(array: Wide | Array, bits: int) -> Array:
    """The values, to the nearest of which the last `bits` bits of float32 are 0."""
    steps = array.astype(np.float32).view(np.uint32) + np.uint32(1 << (bits - 1))
    return (steps >> np.uint32(bits) << np.uint32(bits)).view(np.float32)


def test_numbers_that_every_format_holds_do_not_show_which_one_it_was() -> None:
    """A pattern of ones, zeros and halves is no sign of half precision; q beside it is."""
    pattern = np.array([[1.0, 0.0], [0.5, 0.5]], np.float32)
    q = np.array([0.1, -0.7], np.float32)
    assert unit_roundoff(pattern) == unit_roundoff(pattern, q) == 2.0**-24
    assert unit_roundoff(pattern, rounded(q, BITS["bfloat16"])) == 2.0**-8
    assert unit_roundoff(pattern, rounded(q, BITS["float16"])) == 2.0**-11


@pytest.mark.parametrize("bits", BITS.values(), ids=BITS)
def test_numbers_of_half_precision_are_matched_within_theirs(bits: int) -> None:
    """bfloat16 keeps 8 significant bits of float32's 24, float16 keeps 11."""
    exact = Model(12, size=8.0)
    layer = LayerActivations(0, HEADS, [VectorStage(rounded(exact.q, bits), rounded(exact.k, bits))])
    found = computations(layer, range(HEADS), list(rounded(exact.pattern, bits)))
    assert kinds(found) == {("product", None)} and divisors(found) == [math.sqrt(D_HEAD)]
    assert "within 0.0" in found[0].description
    capped = computations(replace(layer, cap=50.0), range(HEADS), list(rounded(exact.pattern, bits)))
    assert kinds(capped) == {("product", None)}  # scores of 20 tell that they are not capped at 50
    wrong = LayerActivations(0, HEADS, [VectorStage(rounded(exact.q, bits)[::-1], rounded(exact.k, bits))])
    assert kinds(computations(wrong, range(HEADS), list(rounded(exact.pattern, bits)))) == {("pattern", None)}


def half_rotary(n: int, seed: int, *, scores: bool) -> tuple[LayerActivations, list[Array]]:
    """A layer of 12 heads in bfloat16 that rotates a quarter of its 64 dimensions, cached as it is before that.

    The scores are small, so that at the first positions the wrong product is nearly within their rounding.
    """
    rng, n_heads, d_head, n_turned = np.random.default_rng(seed), 12, 64, 16
    q = rounded(rng.normal(size=(n, n_heads, d_head)) * 0.1, BITS["bfloat16"])
    k = rounded(rng.normal(size=(n, n_heads, d_head)), BITS["bfloat16"])
    angles = np.arange(n)[:, None, None] * 1e4 ** (-np.arange(0, n_turned, 2) / n_turned)

    def turned(vectors: Array) -> Array:
        wide = vectors.astype(np.float64)
        first, second = wide[..., : n_turned // 2], wide[..., n_turned // 2 : n_turned]
        cos, sin = np.cos(angles), np.sin(angles)
        parts = [first * cos - second * sin, second * cos + first * sin, wide[..., n_turned:]]
        return rounded(np.concatenate(parts, axis=-1), BITS["bfloat16"])

    dot = np.einsum("qhe,khe->hqk", turned(q).astype(np.float64), turned(k).astype(np.float64))
    made = rounded(np.where(np.tri(n, dtype=bool), dot / math.sqrt(d_head), -np.inf), BITS["bfloat16"])
    weights = np.exp(made.astype(np.float64) - made.max(-1, keepdims=True))
    pattern = rounded(weights / weights.sum(-1, keepdims=True), BITS["bfloat16"])
    return LayerActivations(0, n_heads, [VectorStage(q, k)], dict(enumerate(made)) if scores else {}), list(pattern)


@pytest.mark.parametrize("scores", [True, False])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_vectors_before_a_rotary_embedding_are_no_product_though_few_rounded_numbers_agree(
    n: int, scores: bool
) -> None:
    for seed in range(40):
        layer, pattern = half_rotary(n, seed, scores=scores)
        found = computations(layer, range(12), pattern)
        assert {one.kind for one in found} == {"scores" if scores else "pattern"}, seed
        assert all(one.description for one in found)
