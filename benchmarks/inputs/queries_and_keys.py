"""Queries and keys whose softmax is the pattern, for the lines views: made once and saved, the same for everyone.

One direction is shared by all queries; the BOS token's key points along it, in some heads more than in others, so that BOS sinks come
from q . k as they do in trained models.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.cases import Size
from benchmarks.inputs.patterns import D_HEAD, SEED, Floats, make_tokens, make_values


def save_computation(size: Size, folder: Path) -> Path:
    """Write q, k, v as (layer, position, head, d_head), scores and patterns as (layer, head, dest, src); returns the file."""
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
