"""The ends of the color scale of each kind of value: as the user set them, else of the values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._input.options import color_limits

End: TypeAlias = float | None
Ends: TypeAlias = End | Sequence[End]
"""One end for all kinds, or one for each."""

Limits: TypeAlias = tuple[End, End]


def limits(min_value: Ends, max_value: Ends, n_kinds: int) -> list[Limits]:
    """(min_value, max_value) of each kind, checked; None where the user did not set them.

    Raises:
        TypeError: not a number.
        ValueError: not min_value <= 0 <= max_value, both 0, or a list of another length.
    """
    lows, highs = _per_kind("min_value", min_value, n_kinds), _per_kind("max_value", max_value, n_kinds)
    return [_checked(low, high) for low, high in zip(lows, highs, strict=True)]


def value_range(values: Float64, ends: Limits) -> tuple[float, float]:
    """(low, high), low <= 0 <= high, low < high, of one kind.

    Where the user set no end, it is the largest magnitude (or minus the other end), so that equal magnitudes are equally strong;
    0 on a side that no value has.

    Args:
        values: of all texts, finite or NaN.
        ends: (min_value, max_value).
    """
    lowest = float(np.fmin.reduce(values, axis=None, initial=0.0))
    highest = float(np.fmax.reduce(values, axis=None, initial=0.0))
    largest = max(highest, -lowest)
    low, high = ends
    if low is None:
        low = 0.0 if lowest == 0.0 and high != 0.0 else -(high or largest or 1.0)
    if high is None:
        high = 0.0 if highest == 0.0 else (-low or largest)
    return (low, high) if low < high else (0.0, 1.0)


def _per_kind(name: str, value: Ends, n_kinds: int) -> list[End]:
    if not isinstance(value, (list, tuple)):
        return [value] * n_kinds  # type: ignore[list-item]  # no list: mypy does not exclude other sequences
    if len(value) != n_kinds:
        raise ValueError(f"{name}: needs one number, or one per kind of value, got {len(value)} for {n_kinds} kinds")
    return list(value)


def _checked(low: End, high: End) -> Limits:
    """`color_limits`, but max_value may be 0 if all colors are to be those of negative values."""
    if isinstance(high, (int, float, np.number)) and high == 0:
        low, _ = color_limits(low, None)
        if low is None or low < 0.0:
            return low, 0.0
    return color_limits(low, high)
