"""The softmax of scores over visible cells, in float64."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._common.causal_mask import Bools


class Softmax(NamedTuple):
    """probabilities [dest, src], 0 where not visible; log_sums [dest, 1], the logarithm of each row's sum of exp(score)."""

    probabilities: Float64
    log_sums: Float64


def softmax(scores: Float64, visible: Bools) -> Softmax:
    """The softmax of each row over its visible cells. A row without any has probabilities 0 and log-sum -inf.

    Args:
        scores: [dest, src], finite where visible.
        visible: [dest, src].
    """
    shifted = np.where(visible, scores, -np.inf)
    top = shifted.max(axis=-1, keepdims=True)
    shifted -= np.where(np.isfinite(top), top, 0.0)
    weights = np.exp(shifted, out=shifted)
    sums = weights.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore"):
        log_sums = top + np.log(sums)
    np.divide(weights, sums, out=weights, where=sums > 0.0)
    return Softmax(weights, log_sums)
