"""How exact cached numbers are, from their bits: a cache may have been converted after the model ran."""

from __future__ import annotations

import numpy as np

from circuitsvis._common.arrays import FloatArray

BFLOAT16, FLOAT16, FLOAT32 = 2.0**-8, 2.0**-11, 2.0**-24
"""Largest relative rounding error of one number of each format."""

_SUM_STEPS = {FLOAT32: 64.0, FLOAT16: 4.0, BFLOAT16: 4.0}
"""Rounding errors that add up in a sum over sources and dimensions. Half-precision models sum in float32."""


def unit_roundoff(*arrays: FloatArray) -> float:
    """The relative rounding error of the coarsest of the arrays: 2**-24 float32, 2**-11 float16, 2**-8 bfloat16.

    An array of zeros and powers of two alone, as the pattern [[1]] of a single token is, does not count: every format has them.
    """
    return max(map(_of_bits, arrays), default=FLOAT32)


def sum_tolerance(*arrays: FloatArray) -> float:
    """Relative error of a sum of products of these numbers that rounding explains, relative to the sum of magnitudes."""
    roundoff = unit_roundoff(*arrays)
    return _SUM_STEPS[roundoff] * roundoff


def _of_bits(array: FloatArray) -> float:
    bits = np.bitwise_or.reduce(np.ascontiguousarray(array).view(np.uint32), axis=None)
    if not bits & 0x7FFFFF:  # zeros and powers of two are exact in every format, so they show none
        return FLOAT32
    if not bits & 0xFFFF:
        return BFLOAT16
    return FLOAT16 if not bits & 0x1FFF else FLOAT32
