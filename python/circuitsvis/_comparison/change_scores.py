"""How much each head of a comparison changed, as scores of heads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._comparison.comparison import Comparison
from circuitsvis._heads.definitions import WIDE_QUERIES
from circuitsvis._heads.head_score import HeadScore
from circuitsvis._heads.head_scores import HeadScores


def scores(comparison: Comparison) -> HeadScores:
    """Total variation and Jensen-Shannon divergence of every head, over the queries of all sequences."""
    layers = tuple(dict.fromkeys(layer for layer, _ in comparison.heads))
    shape = (len(layers), len(comparison.heads) // len(layers))

    def of_heads(values: Sequence[Sequence[float]]) -> Float64:
        """[layer, head]: the sum over sequences."""
        summed: Float64 = np.array(values, np.float64).sum(axis=0)
        return summed.reshape(shape)

    queries = of_heads([[change.queries for change in row] for row in comparison.changes])
    return HeadScores(
        layers,
        shape[1],
        (
            HeadScore(
                "total variation",
                of_heads([[change.total_variation for change in row] for row in comparison.changes]),
                queries,
                "mean over q of half the sum over k of |B[q, k] - A[q, k]|",
                WIDE_QUERIES,
                range=(0.0, 1.0),
                source="distance of two probability distributions",
            ),
            HeadScore(
                "Jensen-Shannon",
                of_heads([[change.jensen_shannon for change in row] for row in comparison.changes]),
                queries,
                "mean over q of the Jensen-Shannon divergence of A[q] and B[q], in bits",
                WIDE_QUERIES,
                range=(0.0, 1.0),
                source="J. Lin 1991, Divergence measures based on the Shannon entropy",
            ),
        ),
    )
