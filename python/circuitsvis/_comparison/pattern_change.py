"""How much a head's pattern changed from one forward pass to another: distances of probability distributions, query by query."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from circuitsvis._common.arrays import Float64, FloatArray
from circuitsvis._common.causal_mask import Bools
from circuitsvis._comparison.matched_tokens import Matched


class Change(NamedTuple):
    """Sums over the queries of one head.

    Attributes:
        total_variation: half of the sum of absolute differences, of each query in [0, 1].
        jensen_shannon: Jensen-Shannon divergence in bits, of each query in [0, 1].
        queries: how many were compared.
    """

    total_variation: float
    jensen_shannon: float
    queries: int


def change(a: FloatArray, b: FloatArray, matched: Matched) -> Change:
    """The change of one head over the matched queries.

    Sources without a counterpart count as one source, "elsewhere", so that rows are distributions with them. Rows are divided by
    their sums, which rounding moves from 1. Left out are queries whose row is not a distribution in both (NaN, or without attention), and
    queries that see one source alone, whose attention is always 1.

    Args:
        a, b: [dest, src] of both passes, NaN where there is no value.
        matched: the positions that are compared.

    Source: J. Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Inf. Theory 37 (1991).
    """
    p, q = _distributions(a, matched.a), _distributions(b, matched.b)
    kept = np.isfinite(p).all(1) & np.isfinite(q).all(1) & ~(_sees_one(a, matched.a) & _sees_one(b, matched.b))
    p, q = p[kept], q[kept]
    middle = (p + q) / 2
    divergence = _entropy(middle) - (_entropy(p) + _entropy(q)) / 2
    return Change(float(np.abs(p - q).sum() / 2), float(np.maximum(divergence, 0.0).sum()), int(np.count_nonzero(kept)))


def _distributions(pattern: FloatArray, positions: tuple[int, ...]) -> Float64:
    """[query, matched source and "elsewhere"], each row divided by its sum; NaN where that is not positive or not finite."""
    rows = np.nan_to_num(pattern[list(positions)].astype(np.float64), nan=0.0)
    sums = rows.sum(axis=1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        rows = np.where((sums > 0) & (rows >= 0).all(axis=1, keepdims=True), rows / sums, np.nan)
    inside = rows[:, list(positions)]
    return np.concatenate([inside, np.clip(1.0 - inside.sum(axis=1, keepdims=True), 0.0, None)], axis=1)


def _sees_one(pattern: FloatArray, positions: tuple[int, ...]) -> Bools:
    rows = np.nan_to_num(pattern[list(positions)], nan=0.0)
    seen: Bools = (np.count_nonzero(rows, axis=1) <= 1) & (np.array(positions) == 0)
    return seen


def _entropy(rows: Float64) -> Float64:
    """In bits, of each row; 0 log 0 = 0."""
    logs = np.log2(rows, out=np.zeros_like(rows), where=rows > 0)
    entropy: Float64 = -(rows * logs).sum(axis=1)
    return entropy
