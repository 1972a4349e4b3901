"""Queries, keys and the patterns computed from them, for the lines views: made once and saved, the same for every tool.

All queries share one direction. The key of the BOS token points along it, by an amount that varies from head to head, so that
attention to BOS comes from the product of q and k, as in trained models.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.cases import Size
from benchmarks.inputs.patterns import D_HEAD, SEED, Floats, make_tokens, make_values


def save_computation(size: Size, folder: Path) -> Path:
    """Writes q, k, v [layer, position, head, d_head], scores and patterns [layer, head, dest, src] into a file, and returns it."""
    rng = np.random.default_rng(SEED)
    shape = (size.layers, size.tokens, size.heads, D_HEAD)
    q, k = rng.standard_normal((2, *shape))
    sink = rng.uniform(0.0, 0.6, (size.layers, size.heads, 1))
    q += 1.0
    k[:, 0] += sink
    q, k = q.astype(np.float32), k.astype(np.float32)
    scores = np.einsum("lqhe,lkhe->lhqk", q.astype(np.float64), k.astype(np.float64)) / np.sqrt(D_HEAD)
    scores = np.where(np.tri(size.tokens, dtype=bool), scores, -np.inf)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    patterns: Floats = (weights / weights.sum(axis=-1, keepdims=True)).astype(np.float32)
    path = folder / f"lines-{size.slug}.npz"
    np.savez(
        path,
        q=q,
        k=k,
        values=make_values(size),
        scores=scores.astype(np.float32),
        patterns=patterns[None],
        tokens=np.array(make_tokens(size)),
    )
    return path
