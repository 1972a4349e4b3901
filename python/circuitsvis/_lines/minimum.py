"""The minimum of a function of one number: the best value of a grid, then a golden-section search between its neighbors.

Source: J. Kiefer, "Sequential minimax search for a maximum", 1953. SciPy has it too (`scipy.optimize.golden`), but would be a
dependency of about 40 MB for twenty lines.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

_SECTION = (math.sqrt(5.0) - 1.0) / 2.0
"""Each step keeps this part of the bracket, so that one of the two inner points can be used again."""

_WIDTH = 1e-10
"""The search ends when the bracket is this narrow, relative to its ends or to 1. Near a minimum, a function of float64 values
resolves its argument to about 1e-8."""


def minimum(function: Callable[[float], float], grid: Sequence[float]) -> float:
    """The argument between the ends of the grid at which the function is least.

    Args:
        function: has one minimum between the neighbors of its best grid point.
        grid: at least one value, ascending.
    """
    best = min(range(len(grid)), key=lambda i: function(grid[i]))
    return golden_section(function, grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)])


def golden_section(function: Callable[[float], float], low: float, high: float) -> float:
    """The argument in [low, high] at which a function with one minimum there is least."""
    left, right = high - _SECTION * (high - low), low + _SECTION * (high - low)
    at_left, at_right = function(left), function(right)
    while high - low > _WIDTH * max(abs(low), abs(high), 1.0):
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - _SECTION * (high - low)
            at_left = function(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + _SECTION * (high - low)
            at_right = function(right)
    return (low + high) / 2.0
