"""How well q·k, divided and perhaps capped, agrees with the scores of one head, and how much evidence that is."""

from __future__ import annotations

import math
from functools import cached_property
from typing import NamedTuple

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._lines.cells import CellGroups
from circuitsvis._lines.head_rounding import HeadRounding

_CONTRADICTION = 3.0
"""An error of this many tolerances is not rounding: q·k does not give these scores."""

_RESEMBLANCE = 0.125
"""Scores computed from vectors of another stage (e.g. before a rotary embedding) differ from the true scores by about this part of
their spread: at early positions, and in dimensions that rotate little, most of a product does not change."""


class ScoreFunction(NamedTuple):
    """The scores as a function of q·k: divided, then under a soft cap if there is one."""

    divisor: float
    cap: float | None = None

    def scores(self, dot: Float64) -> Float64:
        """The scores of q·k, of any shape."""
        scaled: Float64 = dot / self.divisor
        return scaled if self.cap is None else self.cap * np.tanh(scaled / self.cap)


class Agreement(NamedTuple):
    """How a function of q·k fits the scores of one head.

    Attributes:
        error: largest difference relative to the tolerance for rounding; at most 1 if it fits.
        squares: sum of the squared differences.
    """

    error: float
    squares: float

    @property
    def fits(self) -> bool:
        """Whether rounding explains all differences."""
        return self.error <= 1.0

    @property
    def contradicts(self) -> bool:
        """Whether the differences are clearly larger than rounding."""
        return self.error > _CONTRADICTION


class Comparison:
    """Cells of one head in which scores or log-probabilities are compared with q·k.

    Args:
        target: score or log-probability of each cell.
        dot: q·k of each cell.
        groups: the cells that share an unknown constant.
        rounding: rounding of target and q·k.
        n_tests: how many independent numbers would be wrong if the vectors were wrong. Default: the degrees of freedom.
        are_scores: whether the target is scores. Their rounding grows with them, that of log-probabilities does not.
    """

    def __init__(
        self,
        target: Float64,
        dot: Float64,
        groups: CellGroups,
        rounding: HeadRounding,
        n_tests: int | None = None,
        *,
        are_scores: bool = False,
    ) -> None:
        self.n_tests = groups.freedom if n_tests is None else n_tests
        self.groups = groups
        self.rounding = rounding
        self._target = target
        self._dot = dot
        self._largest_target = float(np.abs(target).max(initial=0.0)) if are_scores else 0.0
        self._agreements: dict[ScoreFunction, Agreement] = {}

    @cached_property
    def target(self) -> Float64:
        """The target without the unknown constants."""
        return self.groups.centered(self._target)

    @cached_property
    def dot(self) -> Float64:
        """q·k without the unknown constants."""
        return self.groups.centered(self._dot)

    @cached_property
    def moments(self) -> Float64:
        """(dot · target, dot · dot): what a least-squares fit of target = dot / divisor needs."""
        return np.array([self.dot @ self.target, self.dot @ self.dot])

    @cached_property
    def head_divisor(self) -> float | None:
        """The divisor that fits this head best if there is no cap; None if none above 0 does."""
        return least_squares_divisor(self.moments)

    @cached_property
    def is_monotonic(self) -> bool:
        """Whether the target never falls by more than rounding where q·k rises. Under a soft cap it must not."""
        target = self.target[np.argsort(self.dot)]
        falls = np.maximum.accumulate(target) - target
        return float(falls.max(initial=0.0)) <= self.rounding.tolerance(self.spread, self.spread)

    @cached_property
    def spread(self) -> float:
        """Largest magnitude of the target without the unknown constants."""
        return float(np.abs(self.target).max(initial=0.0))

    @cached_property
    def _typical(self) -> float:
        """Root mean square of the target without the unknown constants."""
        return math.sqrt(float(np.mean(self.target**2))) if self.target.size else 0.0

    @cached_property
    def _largest_dot(self) -> float:
        return float(np.abs(self._dot).max(initial=0.0))

    def tolerance(self, function: ScoreFunction) -> float:
        """The largest difference that rounding explains."""
        largest = float(function.scores(np.array(self._largest_dot)))
        return self.rounding.tolerance(max(largest, self._largest_target), self.spread)

    def residuals(self, function: ScoreFunction) -> Float64:
        """Target minus scores of the function in each cell, without the unknown constants."""
        if function.cap is None:
            return self.target - self.dot / function.divisor
        return self.target - self.groups.centered(function.scores(self._dot))

    def agreement(self, function: ScoreFunction) -> Agreement:
        """How well the function fits."""
        if function not in self._agreements:
            self._agreements[function] = self._agreement(function)
        return self._agreements[function]

    def _agreement(self, function: ScoreFunction) -> Agreement:
        if self.groups.freedom <= 0:
            return Agreement(0.0, 0.0)
        residuals, tolerance = self.residuals(function), self.tolerance(function)
        error = float(np.abs(residuals).max())
        return Agreement(error / tolerance if tolerance > 0.0 else math.inf, float(residuals @ residuals))

    def bits(self, error: float) -> float:
        """The evidence if all cells are right within `error`: log2 of the odds against agreeing so well by chance."""
        smallest = max(error, self.rounding.roundoff * self.spread)
        odds = _RESEMBLANCE * self._typical / smallest if smallest > 0.0 else 0.0
        return self.n_tests * math.log2(odds) if odds > 1.0 else 0.0


def least_squares_divisor(moments: Float64) -> float | None:
    """The divisor of the least-squares fit with these `Comparison.moments` or their sums; None if it is not above 0."""
    products, squares = map(float, moments)
    return squares / products if products > 0.0 and squares / products < math.inf else None
