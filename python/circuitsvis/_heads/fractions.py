"""Numerators and denominators of the scores of a layer, and their sums over sequences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._heads.definitions import Definition
from circuitsvis._heads.head_scores import HeadScores


class Fraction(NamedTuple):
    """[head] each: a score's numerator, and its denominator, which may be one number for all heads."""

    numerator: Float64
    denominator: Float64 | float


Fractions: TypeAlias = dict[str, Fraction]
"""The scores of a layer, by name."""


class Totals:
    """Adds up the scores of layers and sequences.

    Args:
        definitions: the scores, in the order of the result.
        layers: numbers of the layers.
        n_heads: heads of each layer.
    """

    def __init__(self, definitions: Sequence[Definition], layers: Sequence[int], n_heads: int) -> None:
        self._definitions, self._layers, self._n_heads = definitions, tuple(layers), n_heads
        self._sums: dict[str, tuple[Float64, Float64]] = {}

    def add(self, row: int, fractions: Fractions) -> None:
        """Adds scores of one layer, given its place among the layers."""
        for name, fraction in fractions.items():
            if name not in self._sums:
                shape = (len(self._layers), self._n_heads)
                self._sums[name] = (np.zeros(shape), np.zeros(shape))
            for total, values in zip(self._sums[name], fraction, strict=True):
                total[row] += values

    def result(self, missing: Mapping[str, str]) -> HeadScores:
        """The table of all scores that were added.

        Args:
            missing: why the others are missing, by name. A score that is named here is left out, although some of it was added.
        """
        scores = tuple(
            definition.score(*self._sums[definition.name])
            for definition in self._definitions
            if definition.name in self._sums and definition.name not in missing
        )
        reasons = {d.name: missing[d.name] for d in self._definitions if d.name in missing}
        return HeadScores(self._layers, self._n_heads, scores, reasons)
