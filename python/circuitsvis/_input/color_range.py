"""One range of colors for several figures."""

from __future__ import annotations

from typing import TypedDict

import numpy as np

from circuitsvis._common.arrays import ArrayLike, to_float64


class ColorRange(TypedDict):
    """Arguments of the functions that draw values in colors."""

    min_value: float
    max_value: float


def color_range(*values: ArrayLike | float) -> ColorRange:
    """The ends of a color scale that fits several arrays, so that several figures have the same colors for the same values.

    Pass the result on: `cv.tokens.colored_tokens(tokens, a, **cv.color_range(a, b))`, and the same with `b`.

    Args:
        values: arrays or tensors of any library and shape, nested lists, or numbers. NaN is ignored.

    Returns:
        {"min_value": low, "max_value": high}. high is the largest magnitude, low is -high if any value is negative, else 0: values
        of the same magnitude are equally strong. (0, 1) if all values are 0.

    Raises:
        TypeError: values that are no numbers.
        ValueError: nothing to show (no values, or only NaN), or infinite values.
    """
    largest, negative, found = 0.0, False, False
    for position, given in enumerate(values):
        name = f"color_range: argument {position}"
        try:
            array = to_float64([given] if isinstance(given, (int, float)) else given, name)
        except ValueError as error:
            raise ValueError(f"{error}; pass texts of different lengths one by one, color_range(*values)") from error
        array = array[~np.isnan(array)]
        if array.size == 0:
            continue
        found = True
        low, high = float(array.min()), float(array.max())
        if np.isinf(low) or np.isinf(high):
            raise ValueError(
                f"{name}: values must be finite or NaN, got {low if np.isinf(low) else high}; put NaN there"
            )
        negative |= low < 0.0
        largest = max(largest, high, -low)
    if not found:
        raise ValueError(
            "color_range: needs at least one value that is not NaN, got "
            f"{f'{len(values)} arrays without any' if values else 'no arguments'}; pass the values of all figures"
        )
    if largest == 0.0:
        return {"min_value": 0.0, "max_value": 1.0}
    return {"min_value": -largest if negative else 0.0, "max_value": largest}
