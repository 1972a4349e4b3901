"""How exact the numbers of one head are, judged by their bits: a cache may have been converted after the model ran."""

from __future__ import annotations

import copy

import numpy as np

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.rounding import FLOAT32, unit_roundoff

_FLOAT16_SMALLEST = 5.9e-8
"""Below the smallest positive number of float16, 2**-24."""

_FLOAT16_LOWEST, _FLOAT16_VANISHES = 6.2e-5, -16.6
"""Above the smallest normal number of float16, 2**-14; the logarithm of its smallest number."""

_LOWEST, _VANISHES = 1e-12, -87.0
"""The same for float32 and bfloat16, whose smallest normal number is 1.2e-38. Probabilities below 1e-12 add nothing to a fit."""

_LOG_TOLERANCE = 1e-4
"""Differences of log-probabilities up to this are accepted even if rounding should be smaller ..."""

_SPREAD_PARTS = 20.0
"""... but only up to this part (one in 20) of the spread of the values, so that nearly equal values do not fit everything."""

_FLOAT32_STEPS, _HALF_STEPS = 16.0, 4.0
"""Rounding errors that add up in a score. In float32 the sum over d_head dominates. Half-precision models sum in float32 and
round a few times after that: product, scale, mask."""

_CANCELLATION_STEPS = 2.0
"""Rounding errors of a float32 sum in units of its largest terms, where these cancel."""


class HeadRounding:
    """The number format of a head and the differences that its rounding explains.

    Args:
        pattern: [dest, src].
        others: q, k, scores and other arrays that are compared with it.

    Attributes:
        roundoff: largest relative rounding error of the coarsest array: 2**-24 float32, 2**-11 float16, 2**-8 bfloat16.
        lowest: smallest probability that has this relative precision and is used in fits.
        vanishes: log-probability below which the pattern may hold 0 in a cell that is not masked.
    """

    def __init__(self, pattern: FloatArray, *others: FloatArray) -> None:
        self.roundoff = unit_roundoff(pattern, *others)
        is_float16 = unit_roundoff(pattern) > FLOAT32 and not np.any((pattern > 0.0) & (pattern < _FLOAT16_SMALLEST))
        self.lowest = _FLOAT16_LOWEST if is_float16 else _LOWEST
        self.vanishes = _FLOAT16_VANISHES if is_float16 else _VANISHES
        self._steps = _FLOAT32_STEPS if self.roundoff == FLOAT32 else _HALF_STEPS

    def with_cancellation(self, cancellation: float) -> HeadRounding:
        """The rounding of scores that are sums of terms `cancellation` times as large as the sums.

        Only float32 sums lose precision by it. In half precision the rounding of the result is larger.
        """
        changed = copy.copy(self)
        if self.roundoff == FLOAT32:
            changed._steps = max(self._steps, _CANCELLATION_STEPS * cancellation)
        return changed

    def tolerance(self, largest: float, spread: float = np.inf) -> float:
        """The largest difference of log-probabilities that rounding explains.

        Args:
            largest: magnitude of the largest score.
            spread: magnitude of the largest compared value, after unknown constants have been removed.
        """
        return max(min(_LOG_TOLERANCE, spread / _SPREAD_PARTS), self._steps * self.roundoff * (1.0 + largest))
