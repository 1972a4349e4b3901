"""Caches whose q, k, scores and patterns follow from each other, and a check that the page computes the same."""

from __future__ import annotations

from typing import Any

import circuitsvis as cv
import numpy as np

from tests.support import reference
from tests.support.caches import Array


def computed_cache(
    n_layers: int = 2, n_heads: int = 4, n_kv: int = 4, batch: int | None = None, n: int = 6, d_head: int = 8
) -> dict[str, Array]:
    """q, k, v, scores and patterns that follow from each other. batch=None: no batch dimension."""
    rng = np.random.default_rng(5)
    lead = () if batch is None else (batch,)
    result: dict[str, Array] = {}
    for layer in range(n_layers):
        q = rng.normal(size=(*lead, n, n_heads, d_head)).astype(np.float32)
        k, v = rng.normal(size=(2, *lead, n, n_kv, d_head)).astype(np.float32)
        repeated = np.repeat(k.astype(np.float64), n_heads // n_kv, axis=-2)
        scores = np.einsum("...qhe,...khe->...hqk", q.astype(np.float64), repeated) / np.sqrt(d_head)
        scores = np.where(np.tri(n, dtype=bool), scores, -np.inf)
        weights = np.exp(scores - scores.max(-1, keepdims=True))
        hooks = {"q": q, "k": k, "v": v, "attn_scores": scores, "pattern": weights / weights.sum(-1, keepdims=True)}
        for name, values in hooks.items():
            result[f"blocks.{layer}.attn.hook_{name}"] = values.astype(np.float32)
    return result


def only(data: dict[str, Array], *names: str) -> dict[str, Array]:
    """The activations of these hooks."""
    return {hook: array for hook, array in data.items() if hook.rsplit("hook_", 1)[1] in names}


def lines(data: Any, tokens: Any, **options: Any) -> cv.Figure:
    """The figure of a cache with mode="lines"."""
    figure: cv.Figure = cv.attention.from_cache(data, tokens, mode="lines", **options)
    return figure


def multiplies_out(figure: cv.Figure, sequence: int = 0) -> None:
    """Checks that every head of a sequence is shown as a product whose softmax is its pattern."""
    for head, pattern in enumerate(reference.shown(figure, sequence)):
        assert reference.computation(figure, head, sequence).kind == "product"
        computed = reference.computed(figure, head, sequence)
        assert np.array_equal(np.isnan(computed), np.isnan(pattern))
        assert np.nanmax(np.abs(computed - pattern)) <= 1e-5 + reference.bound(figure, sequence)
