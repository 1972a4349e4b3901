"""The range of a color scale: of the values, or as the user set it."""

from __future__ import annotations


def value_range(low: float, high: float, limits: tuple[float | None, float | None]) -> tuple[float, float]:
    """(low, high) with low <= 0 < high.

    Args:
        low, high: of the values and of zero: low <= 0 <= high.
        limits: (min_value, max_value), checked; None where the user did not set them.
    """
    low = limits[0] if limits[0] is not None else low
    high = limits[1] if limits[1] is not None else high
    return (low, high) if high > 0 else (low, -low or 1.0)
