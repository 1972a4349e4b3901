"""Precision of numbers, measured on their bits, because a cache may have been converted to float32 after the model ran."""

from __future__ import annotations

import numpy as np

from circuitsvis._common.arrays import FloatArray

BFLOAT16, FLOAT16, FLOAT32 = 2.0**-8, 2.0**-11, 2.0**-24
"""Largest relative rounding error of one number in each format."""

_ROUNDINGS_OF_A_SUM = {FLOAT32: 64.0, FLOAT16: 4.0, BFLOAT16: 4.0}
"""Rounding errors that add up in a sum over sources and dimensions. Half-precision models sum in float32."""


def unit_roundoff(*arrays: FloatArray) -> float:
    """The relative rounding error of the coarsest of the arrays: 2**-24 for float32, 2**-11 for float16, 2**-8 for bfloat16.

    Arrays of zeros and powers of two, such as the pattern [[1]] of a single token, are exact in every format and do not count.
    """
    return max(map(_roundoff, arrays), default=FLOAT32)


def sum_tolerance(*arrays: FloatArray) -> float:
    """The error that rounding explains in a sum of products of these numbers, relative to the sum of magnitudes."""
    roundoff = unit_roundoff(*arrays)
    return _ROUNDINGS_OF_A_SUM[roundoff] * roundoff


def _roundoff(array: FloatArray) -> float:
    """The rounding error of the coarsest format that holds all values: the number of mantissa bits in use shows it."""
    bits = np.bitwise_or.reduce(np.ascontiguousarray(array).view(np.uint32), axis=None)
    if not bits & 0x7FFFFF:  # only zeros and powers of two
        return FLOAT32
    if not bits & 0xFFFF:
        return BFLOAT16
    return FLOAT16 if not bits & 0x1FFF else FLOAT32
