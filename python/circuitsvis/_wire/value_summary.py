"""The properties of values that their encoding and color scale depend on, found in one pass."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import Bools

_ROW_SUM_TOLERANCE = 0.02
"""How far the sum of a row of probabilities may be from 1: rows in bfloat16 are up to 0.003 off."""


class ValueSummary(NamedTuple):
    """The values of one head, or of all heads of a sequence.

    Attributes:
        low, high: the lowest and the highest value, with 0 between them: low <= 0 <= high.
        gaps: whether any value is NaN.
        forward: whether any cell whose source is later than its destination has a value other than 0.
        distributions: whether every row sums to 1 (or is all zeros) without negative values.
    """

    low: float
    high: float
    gaps: bool
    forward: bool
    distributions: bool

    @property
    def magnitude(self) -> float:
        """The largest magnitude."""
        return max(-self.low, self.high)

    @classmethod
    def of_head(cls, head: FloatArray, later: Bools | None, name: str) -> ValueSummary:
        """The summary of one head.

        Args:
            head: [dest, src].
            later: the cells whose source is later than their destination; None if the shape leaves open which these are.
            name: how the error message names the values.

        Raises:
            ValueError: an infinite value.
        """
        low, high = float(head.min()), float(head.max())
        gaps = math.isnan(low) or math.isnan(high)
        if gaps:
            low, high = (float(extremum.reduce(head, axis=None, initial=0.0)) for extremum in (np.fmin, np.fmax))
        if math.isinf(low) or math.isinf(high):
            q, k = np.argwhere(np.isinf(head))[0]
            raise ValueError(
                f"{name}: values must be NaN or finite in float32 (at most 3.4e38), got {head[q, k]} at destination {q}, source {k}; "
                "put NaN where there is no value (as for -inf in masked scores), and divide larger values by a constant"
            )
        without_gaps = np.nan_to_num(head) if gaps else head
        forward = later is None or bool(np.logical_and(without_gaps, later).any())
        return cls(min(0.0, low), max(0.0, high), gaps, forward, low >= 0.0 and rows_sum_to_one(without_gaps))

    @classmethod
    def of_all(cls, summaries: Sequence[ValueSummary]) -> ValueSummary:
        """The summary of all heads together. Rows of signed values are no distributions, whatever single heads look like."""
        low = min(summary.low for summary in summaries)
        return cls(
            low,
            max(summary.high for summary in summaries),
            any(summary.gaps for summary in summaries),
            any(summary.forward for summary in summaries),
            low >= 0.0 and all(summary.distributions for summary in summaries),
        )


def rows_sum_to_one(head: FloatArray) -> bool:
    """Whether each row of [dest, src] sums to 1, or is all zeros if others sum to 1."""
    sums = head.sum(axis=-1)
    if np.abs(sums - 1.0).max() <= _ROW_SUM_TOLERANCE:
        return True
    return bool(np.all((np.abs(sums - 1.0) <= _ROW_SUM_TOLERANCE) | (sums == 0.0)) and np.any(sums > 0.0))
