"""Fitted numbers as a person would have written them: square roots of whole numbers, or few digits."""

from __future__ import annotations

import math
from collections.abc import Callable

_LARGEST_SQUARE = 1024
"""Divisors up to 32 are tried as square roots of whole numbers, such as sqrt(d_head). Larger ones are nearly all close to such a root."""

_MAX_DIGITS = 8
"""A number of more significant digits is not rounded: float32 holds no more."""


def simplest(value: float, fits: Callable[[float], bool]) -> float:
    """The square root of a whole number if that fits, else the number with the fewest digits that does; `value` > 0."""
    square = round(min(value, 2.0 * _LARGEST_SQUARE) ** 2)
    if 1 <= square <= _LARGEST_SQUARE and fits(math.sqrt(square)):
        return math.sqrt(square)
    return fewest_digits(value, fits)


def fewest_digits(value: float, fits: Callable[[float], bool]) -> float:
    """`value` rounded to the fewest significant digits that fit; unchanged if none do."""
    for digits in range(1, _MAX_DIGITS + 1):
        rounded = float(f"{value:.{digits}g}")
        if fits(rounded):
            return rounded
    return value
