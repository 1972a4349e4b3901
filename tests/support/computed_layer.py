"""One layer whose q, k, scores and patterns follow from each other, and a check of the computations that are found for it."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from circuitsvis._lines.computation import HeadComputation, computations
from circuitsvis._lines.layer_activations import LayerActivations, VectorStage

Array = npt.NDArray[np.float32]
Float64 = npt.NDArray[np.float64]
N_HEADS, D_HEAD = 2, 8

DROPPED_BITS = {"bfloat16": 16, "float16": 13}
"""Significant bits of float32 (24 in all) that a format does not have."""


class ComputedLayer:
    """q, k, scores and patterns of one layer.

    Args:
        change: what the model does to q·k [head, dest, src] before the mask; default: it divides by sqrt(d_head).
        visible: [dest, src]; default causal.
        size: standard deviation of q, or of each head as [head, 1].
    """

    def __init__(
        self, n: int = 8, change: Callable[[Float64], Float64] | None = None, visible: npt.NDArray[np.bool_] | None = None,
        *, size: float | Float64 = 1.0, seed: int = 0, n_src: int | None = None,
    ) -> None:  # fmt: skip
        rng = np.random.default_rng(seed)
        self.q: Array = (rng.normal(size=(n, N_HEADS, D_HEAD)) * size).astype(np.float32)
        self.k: Array = rng.normal(size=(n_src or n, N_HEADS, D_HEAD)).astype(np.float32)
        dot = np.einsum("qhe,khe->hqk", self.q.astype(np.float64), self.k.astype(np.float64))
        self.visible = np.tri(n, dtype=bool) if visible is None else visible
        scores = np.where(self.visible, change(dot) if change else dot / math.sqrt(D_HEAD), -np.inf)
        weights = np.exp(scores - np.nan_to_num(scores.max(-1, keepdims=True), neginf=0.0))
        sums = weights.sum(-1, keepdims=True)
        self.scores: Array = scores.astype(np.float32)
        self.pattern: Array = np.divide(weights, sums, out=np.zeros_like(weights), where=sums > 0).astype(np.float32)

    def computations(self, *, scores: bool = False, **options: object) -> list[HeadComputation]:
        """What is found for all heads, checked to lead to their patterns. `scores`: whether they are cached."""
        cached = dict(enumerate(self.scores)) if scores else {}
        layer = LayerActivations(0, N_HEADS, [VectorStage(self.q, self.k)], cached, **options)  # type: ignore[arg-type]  # fields
        result = computations(layer, range(N_HEADS), list(self.pattern))
        for computation, pattern in zip(result, self.pattern, strict=True):
            check_leads_to(computation, pattern, self.visible)
        return result


def check_leads_to(computation: HeadComputation, pattern: Array, visible: npt.NDArray[np.bool_]) -> None:
    """The softmax of what is shown is the pattern, and cells are empty where the model masks (or the softmax underflows)."""
    if computation.kind == "pattern":
        assert computation.description and computation.dot is None and computation.added_term is None
        return
    terms = [term for term in (computation.dot, computation.added_term) if term is not None]
    scores = sum(terms)
    assert isinstance(scores, np.ndarray)
    for term in terms:
        assert np.array_equal(np.isnan(term), np.isnan(scores))
    largest = np.nanmax(np.where(np.isnan(scores), -1e9, scores), -1, keepdims=True)
    weights = np.exp(np.nan_to_num(scores - largest, nan=-np.inf))
    sums = weights.sum(-1, keepdims=True)
    np.testing.assert_allclose(np.divide(weights, sums, out=weights, where=sums > 0), pattern, atol=1e-5)
    assert not np.any(pattern[np.isnan(scores)])
    assert np.all(np.isnan(scores[~visible]))


def kinds(result: list[HeadComputation]) -> set[tuple[str, str | None]]:
    """The kinds of the computations, with the names of their added terms."""
    return {(computation.kind, computation.added_term_name) for computation in result}


def divisors(result: list[HeadComputation]) -> list[float | None]:
    """The divisors of the computations, each once."""
    return sorted({computation.divisor for computation in result}, key=lambda divisor: divisor or 0.0)


def rounded(array: Float64 | Array, bits: int) -> Array:
    """The nearest values whose last `bits` bits of float32 are 0."""
    steps = array.astype(np.float32).view(np.uint32) + np.uint32(1 << (bits - 1))
    return (steps >> np.uint32(bits) << np.uint32(bits)).view(np.float32)
