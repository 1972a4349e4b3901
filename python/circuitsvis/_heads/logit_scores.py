"""How far the largest score before the softmax stands out from the others, if the cached scores are what the softmax read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64, FloatArray
from circuitsvis._common.rounding import unit_roundoff
from circuitsvis._heads.definitions import LOGIT_MARGIN, LOGIT_Z_SCORE
from circuitsvis._heads.fractions import Fraction, Fractions
from circuitsvis._heads.visible_sources import VisibleSources

_MASKED = -1e4
"""A score below this is that of a masked cell: -inf, or the lowest number of the float type."""

_SAMPLED_ROWS = 8
"""Rows on which the scores are compared with the pattern."""

_COMPARED = 1e-3
"""Cells with less of the row's largest probability than this are not compared: their logarithm is coarse in half precision."""

_ROUNDINGS = 8.0
"""Rounding errors that the comparison allows."""

_TOLERANCE = 1e-3
"""Difference that the comparison allows beyond rounding."""


def are_of(patterns: FloatArray, scores: FloatArray) -> bool:
    """Whether the patterns are a softmax of these scores: in each row ln(pattern) differs from them by one number.

    Some models cache the pattern itself as the scores (OPT, GPT-J), or the scores before a bias. A row may have lost a share of its
    attention to a sink that is no token (gpt-oss), which changes all its logarithms by the same number.

    Args:
        patterns, scores: [head, dest, src].
    """
    n_dest = patterns.shape[1]
    rows = np.unique(np.linspace(0, n_dest - 1, min(n_dest, _SAMPLED_ROWS)).round().astype(np.intp))
    pattern, score = patterns[:, rows].astype(np.float64), scores[:, rows].astype(np.float64)
    compared = pattern > _COMPARED * pattern.max(-1, keepdims=True)
    if not np.isfinite(score[compared]).all():
        return False
    difference = np.log(pattern, out=np.zeros_like(pattern), where=compared) - score
    low = np.where(compared, difference, np.inf).min(-1)
    high = np.where(compared, difference, -np.inf).max(-1)
    largest = np.abs(np.where(compared, score, 0.0)).max(-1)
    rounding = _ROUNDINGS * (unit_roundoff(patterns[:, rows]) + unit_roundoff(scores[:, rows]) * largest)
    differs: npt.NDArray[np.bool_] = high - low > _TOLERANCE + rounding
    return not differs.any()


def of_layer(scores: FloatArray, visible: VisibleSources) -> Fractions:
    """Both scores of every head.

    Args:
        scores: [head, dest, src], which `are_of` has confirmed.
        visible: the sources that each query can see. Masked cells among them are left out, too.
    """
    n_heads, _, n_src = scores.shape
    rows = np.flatnonzero(visible.counts >= 2)
    sources = np.arange(n_src)
    seen = (sources >= visible.first[rows, None]) & (sources <= visible.last[rows, None])
    margins, z_scores = np.zeros(n_heads), np.zeros(n_heads)
    n_margins, n_z_scores = np.zeros(n_heads), np.zeros(n_heads)
    for head in range(n_heads):
        values = scores[head, rows].astype(np.float64)
        cells = seen & (values > _MASKED)
        largest, second = _two_largest(np.where(cells, values, -np.inf))
        has_two = cells.sum(-1) >= 2
        margins[head] = (largest - second)[has_two].sum()
        n_margins[head] = has_two.sum()
        deviation, mean = _deviation(np.where(cells, values - largest[:, None], 0.0), cells)
        moves = has_two & (deviation > 0)
        z_scores[head] = (-mean[moves] / deviation[moves]).sum()
        n_z_scores[head] = has_two.sum()
    return {LOGIT_MARGIN.name: Fraction(margins, n_margins), LOGIT_Z_SCORE.name: Fraction(z_scores, n_z_scores)}


def _two_largest(values: Float64) -> tuple[Float64, Float64]:
    """[row] each: the largest value of each row, and the largest of all its other cells. Writes to `values`."""
    places = values.argmax(-1)
    rows = np.arange(len(values))
    largest = values[rows, places]
    values[rows, places] = -np.inf
    return np.where(np.isneginf(largest), 0.0, largest), values.max(-1)


def _deviation(values: Float64, cells: npt.NDArray[np.bool_]) -> tuple[Float64, Float64]:
    """[row] each: standard deviation and mean of the values in these cells. Other values must be 0."""
    counts = np.maximum(cells.sum(-1), 1)
    mean = values.sum(-1) / counts
    squares = np.where(cells, values - mean[:, None], 0.0) ** 2
    return np.sqrt(squares.sum(-1) / counts), mean
