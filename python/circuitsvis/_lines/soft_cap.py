"""A soft cap that no configuration states, found from the scores: score = cap * tanh(q·k / (divisor * cap)), as in Gemma 2."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._lines.comparison import Comparison, ScoreFunction
from circuitsvis._lines.divisor import shared_divisor
from circuitsvis._lines.minimum import minimum
from circuitsvis._lines.simple_numbers import fewest_digits

_GRID = np.linspace(-18.0, 3.0, 43).tolist()
"""Values of log(cap / largest score - 1) to start from. At -18 the cap is 1 + 1.5e-8 times the largest score, which float32
hardly distinguishes from it; at 3 it is 21 times, and bends no score visibly."""

_MAX_CELLS = 1024
"""The cap is fitted to this many cells and then checked on all."""

_LARGEST_RATIO = 1.0 - 1e-12
"""Largest score / cap that is inverted: atanh(1) is infinite."""


def fitted_soft_cap(comparisons: Sequence[Comparison], candidates: Sequence[float]) -> ScoreFunction | None:
    """The divisor and cap, or None if no cap fits all heads.

    For a given cap, cap * atanh(score / cap) is q·k / divisor, so the best divisor follows and only the cap is searched.

    Args:
        comparisons: of heads that share one cap and divisor, with scores as target.
        candidates: exact divisors to prefer if they fit as well as the best one.
    """
    if not comparisons or not all(comparison.is_monotonic for comparison in comparisons):
        return None
    score, dot = _largest_cells(comparisons)
    top = float(np.abs(score).max(initial=0.0))
    if top == 0.0:
        return None

    def function(log_excess: float) -> ScoreFunction | None:
        return _function_of_cap(score, dot, top * (1.0 + math.exp(log_excess)))

    def squares(log_excess: float) -> float:
        candidate = function(log_excess)
        return float(np.sum((score - candidate.scores(dot)) ** 2)) if candidate is not None else math.inf

    fitted = function(minimum(squares, _GRID))
    if fitted is None or fitted.cap is None or not _all_fit(comparisons, fitted):
        return None

    @cache
    def with_divisor(cap: float) -> ScoreFunction | None:
        divisor = shared_divisor(comparisons, candidates, cap)
        return ScoreFunction(divisor, cap) if divisor is not None else None

    return with_divisor(fewest_digits(fitted.cap, lambda cap: _all_fit(comparisons, with_divisor(cap)))) or fitted


def _largest_cells(comparisons: Sequence[Comparison]) -> tuple[Float64, Float64]:
    """Score and q·k of evenly spaced cells in the order of their magnitude, the largest score included: the cap is above it."""
    score = np.concatenate([comparison.target for comparison in comparisons])
    dot = np.concatenate([comparison.dot for comparison in comparisons])
    step = -(-score.size // _MAX_CELLS)
    order = np.argsort(np.abs(score))[::-1][::step]
    return score[order], dot[order]


def _all_fit(comparisons: Sequence[Comparison], function: ScoreFunction | None) -> bool:
    return function is not None and all(comparison.agreement(function).fits for comparison in comparisons)


def _function_of_cap(score: Float64, dot: Float64, cap: float) -> ScoreFunction | None:
    """This cap with the divisor that fits best, by least squares of the scores, linearized around each of them."""
    ratio = np.clip(score / cap, -_LARGEST_RATIO, _LARGEST_RATIO)
    scaled, slope = cap * np.arctanh(ratio), 1.0 - ratio**2
    products, squares = float((slope**2 * scaled) @ dot), float((slope**2 * dot) @ dot)
    return ScoreFunction(squares / products, cap) if products > 0.0 and squares > 0.0 else None
