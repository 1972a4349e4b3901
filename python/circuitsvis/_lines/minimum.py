"""The minimum of a function of one number: the best value of a grid, then a bracketed search between its neighbors.

Source: R. P. Brent, "Algorithms for Minimization without Derivatives", 1973, chapter 5. SciPy has it too
(`scipy.optimize.minimize_scalar`), but would be a dependency of about 40 MB for forty lines.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

_SECTION = (3.0 - math.sqrt(5.0)) / 2.0
"""Part of a bracket at which a golden-section step divides it."""

_WIDTH = 1e-8
"""The search ends when its steps are this small, relative to the argument or to 1. Near a minimum, a function of float64 values
resolves its argument to about 1e-8."""


def minimum(function: Callable[[float], float], grid: Sequence[float]) -> float:
    """The argument between the ends of the grid at which the function is least.

    Args:
        function: has one minimum between the neighbors of its best grid point.
        grid: at least one value, ascending.
    """
    best = min(range(len(grid)), key=lambda i: function(grid[i]))
    return bracketed_minimum(function, grid[max(best - 1, 0)], grid[min(best + 1, len(grid) - 1)])


def bracketed_minimum(function: Callable[[float], float], low: float, high: float) -> float:
    """The argument in [low, high] at which a function with one minimum there is least, by Brent's method.

    Each step goes to the minimum of the parabola through the three best points, or divides the larger part of the bracket by the
    golden section if the parabola does not help.
    """
    best = second = third = low + _SECTION * (high - low)
    at_best = at_second = at_third = function(best)
    step = step_before = 0.0
    while True:
        width = _WIDTH * max(abs(best), 1.0)
        middle = (low + high) / 2.0
        if abs(best - middle) <= 2.0 * width - (high - low) / 2.0:
            return best
        parabola = _parabola_step((best, at_best), (second, at_second), (third, at_third))
        inside = parabola is not None and low + width < best + parabola < high - width
        if parabola is not None and inside and abs(parabola) < abs(step_before) / 2.0:
            step, step_before = parabola, step
        else:
            step_before = (high if best < middle else low) - best
            step = _SECTION * step_before
        point = best + (step if abs(step) >= width else math.copysign(width, step))
        value = function(point)
        if value <= at_best:
            low, high = (best, high) if point >= best else (low, best)
            third, second, best = second, best, point
            at_third, at_second, at_best = at_second, at_best, value
        else:
            low, high = (point, high) if point < best else (low, point)
            if value <= at_second or second == best:
                third, second = second, point
                at_third, at_second = at_second, value
            elif value <= at_third or third in (best, second):
                third, at_third = point, value


def _parabola_step(best: tuple[float, float], second: tuple[float, float], third: tuple[float, float]) -> float | None:
    """The step from the best point to the minimum of the parabola through three points; None if there is no such parabola."""
    x, fx = best
    a = (x - second[0]) * (fx - third[1])
    b = (x - third[0]) * (fx - second[1])
    if not math.isfinite(a) or not math.isfinite(b) or a == b:
        return None
    return ((x - second[0]) * a - (x - third[0]) * b) / (2.0 * (b - a))
