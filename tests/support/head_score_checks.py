"""Compares scores with those of loops."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from circuitsvis.heads import HeadScores

from tests.support import head_score_loops as loops
from tests.support.head_score_loops import Matrix, Sums

LOGARITHMIC = {
    f"{name}{ending}"
    for name in ("entropy", "normalized_entropy", "effective_keys")
    for ending in ("", "_without_first")
}
"""Scores for which logarithms are taken in float32."""

Layer = Sequence[tuple[Matrix, Sequence[Hashable] | None]]
"""The patterns of one layer, [head, dest, src], and the tokens, for each sequence."""


def expected(layer: Layer) -> list[Sums]:
    """The sums of each head of a layer over its sequences."""
    seen = [loops.visible(patterns) for patterns, _ in layer]
    return [
        loops.add([loops.of_head(p[head], sources, tokens) for (p, tokens), sources in zip(layer, seen, strict=True)])
        for head in range(len(layer[0][0]))
    ]


def assert_equal(scores: HeadScores, layers: Sequence[Sequence[Sums]], names: Sequence[str] | None = None) -> None:
    """Numerators and denominators are those of the loops, [layer][head], to 1e-12 of the denominator (1e-6 with logarithms).

    Args:
        scores: the table.
        layers: the sums.
        names: the scores that are compared. None: all that the loops have.
    """
    compared = {name for layer in layers for head in layer for name in head} if names is None else set(names)
    assert compared <= set(scores), compared - set(scores)
    for name in compared:
        score = scores[name]
        tolerance = 1e-6 if name in LOGARITHMIC else 1e-12
        for row, layer in enumerate(layers):
            for head, sums in enumerate(layer):
                numerator, denominator = sums[name]
                scale = max(abs(numerator), denominator)
                where = f"{name} of {scores.layers[row]}.{head}"
                assert abs(score.numerator[row, head] - numerator) <= tolerance * scale, where
                assert abs(score.denominator[row, head] - denominator) <= tolerance * scale, where
                if denominator:
                    np.testing.assert_allclose(
                        score.values[row, head], numerator / denominator, rtol=2e-6, err_msg=where
                    )
