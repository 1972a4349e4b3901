"""The divisor of q·k that the heads of a layer share."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from circuitsvis._lines.comparison import Comparison, ScoreFunction, least_squares_divisor
from circuitsvis._lines.minimum import minimum
from circuitsvis._lines.simple_numbers import simplest

_ADVANTAGE = 0.02
"""An exact divisor is preferred to the fitted one unless the fitted one is nearer by more than this part of the tolerance ..."""

_F_RATIO = 25.0
"""... or by more than this many variances of the noise (an F-test with one degree of freedom at five standard deviations)."""

_FACTORS = tuple(2.0**power for power in range(-6, 7, 2))
"""A divisor under a soft cap is sought around the divisor that fits best without a cap, multiplied by these: the more scores
the cap bends, the smaller the divisor is."""


def shared_divisor(
    comparisons: Sequence[Comparison], candidates: Iterable[float], cap: float | None = None
) -> float | None:
    """The divisor > 0 that fits the most heads; None if no cell can test it.

    Args:
        comparisons: of heads that share one divisor; some heads may follow none.
        candidates: exact values to prefer if they fit as well as the best one, e.g. sqrt(d_head).
        cap: soft cap, if there is one.
    """
    testing = [comparison for comparison in comparisons if comparison.groups.freedom > 0]
    if not testing:
        return None
    exact = list(dict.fromkeys(candidates))
    pooled = _least_squares(testing, exact, cap)
    following = _fitting(testing, pooled, cap)
    if len(following) < len(testing):
        others = _divisors_of_some(testing, exact, cap)
        following = max([following, *(_fitting(testing, divisor, cap) for divisor in others)], key=len)
    if not following:
        return pooled
    fitted = pooled if len(following) == len(testing) else _least_squares(following, exact, cap)
    one_number = sum(comparison.groups.freedom for comparison in following) == 1
    if fitted is None or (one_number and exact):
        return next((divisor for divisor in exact if len(_fitting(following, divisor, cap)) == len(following)), fitted)
    as_good = _as_good_as(fitted, following, cap)
    return next(filter(as_good, exact), None) or simplest(fitted, as_good)


def _fitting(comparisons: Sequence[Comparison], divisor: float | None, cap: float | None) -> list[Comparison]:
    if divisor is None:
        return []
    function = ScoreFunction(divisor, cap)
    return [comparison for comparison in comparisons if comparison.agreement(function).fits]


def _divisors_of_some(comparisons: Sequence[Comparison], exact: Sequence[float], cap: float | None) -> list[float]:
    """Divisors that some of the heads may follow if not all heads follow the one that fits best on average."""
    if cap is not None:
        return list(exact)
    head_divisors = [
        comparison.head_divisor
        for comparison in comparisons
        if comparison.head_divisor is not None and comparison.agreement(ScoreFunction(comparison.head_divisor)).fits
    ]
    return [*exact, float(np.median(head_divisors))] if head_divisors else []


def _as_good_as(fitted: float, comparisons: Sequence[Comparison], cap: float | None) -> Callable[[float], bool]:
    """A test of whether a divisor explains the heads as well as the fitted one."""
    best = ScoreFunction(fitted, cap)
    least = _squares(comparisons, best)
    freedom = sum(comparison.groups.freedom for comparison in comparisons) - 1
    negligible = (_ADVANTAGE * max(comparison.tolerance(best) for comparison in comparisons)) ** 2
    noise = max(least / freedom if freedom > 0 else 0.0, negligible)
    roundoff = max(comparison.rounding.roundoff for comparison in comparisons)

    def as_good(divisor: float) -> bool:
        if len(_fitting(comparisons, divisor, cap)) < len(comparisons):
            return False
        worse = _squares(comparisons, ScoreFunction(divisor, cap)) - least
        return abs(fitted / divisor - 1.0) <= roundoff or worse <= _F_RATIO * noise

    return as_good


def _least_squares(comparisons: Sequence[Comparison], exact: Sequence[float], cap: float | None) -> float | None:
    """The divisor with the least squared differences over all heads."""
    uncapped = least_squares_divisor(np.sum([comparison.moments for comparison in comparisons], axis=0))
    if cap is None:
        return uncapped
    near = [uncapped * factor for factor in _FACTORS] if uncapped is not None else []
    grid = sorted({math.log(divisor) for divisor in (*exact, *near)})

    def squares(log_divisor: float) -> float:
        function = ScoreFunction(math.exp(log_divisor), cap)
        return sum(float(np.sum(comparison.residuals(function) ** 2)) for comparison in comparisons)

    return math.exp(minimum(squares, grid))


def _squares(comparisons: Sequence[Comparison], function: ScoreFunction) -> float:
    return sum(comparison.agreement(function).squares for comparison in comparisons)
