"""Scores before the softmax: cells that hold the constant of an attention mask, e.g. -inf or the lowest float, have no value.

A mask is recognised by its size and by its shape, never by either alone: its cells are far below all other values, and they
are the sources later than the destination, or leave each destination one run of sources (a window, or all but the padding).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import Bools, later_sources, without_values

_HIGHEST = -9e3
"""No mask is above this: the smallest constants in use are -1e4, on which an additive mask leaves the scores."""

_TIMES = 10.0
"""A mask's constant is at least so many times as large as the largest other value."""

_SPREAD = 0.02
"""Relative difference of values that are one constant: additive masks leave the score on top of it."""

_LOWEST = (-math.inf, -65504.0, float.fromhex("-0x1.fep127"), float.fromhex("-0x1.fffffep127"))
"""-inf and the lowest numbers of float16, bfloat16 and float32: in any cell they are no score."""

_FEW = 3
"""Cells of any other constant that show a mask; one or two may be outliers."""


def without_masks(heads: Sequence[FloatArray]) -> list[FloatArray]:
    """The heads of one sequence with NaN in the cells of a mask; the same arrays where there is no mask.

    Args:
        heads: one [dest, src] per head; only read.
    """
    if min(_lowest(head) for head in heads) > _HIGHEST:
        return list(heads)
    values = np.stack(heads)
    masked = _far_below(values)
    if masked is None or not _has_shape_of_mask(masked, values):
        return list(heads)
    return [without_values(head, cells) for cells, head in zip(masked, heads, strict=True)]


def _lowest(head: FloatArray) -> float:
    lowest = float(head.min())
    return float(np.fmin.reduce(head, axis=None, initial=0.0)) if math.isnan(lowest) else lowest


def _far_below(values: FloatArray) -> Bools | None:
    """The cells of a constant far below all others; None where there is no such constant.

    Twice the constant counts as the constant: two masks may have been added. So does -inf, to which the sum overflows.
    """
    infinite: Bools = np.isneginf(values)
    finite = values[np.isfinite(values)].astype(np.float64)
    if finite.size == 0:
        return None
    lowest = float(finite.min())
    low: Bools = (values <= lowest * (0.5 - _SPREAD)) & ~infinite & (lowest < _HIGHEST)
    for candidate in (low | infinite, infinite):
        rest = np.abs(values[~candidate & ~np.isnan(values)])
        constants = values[candidate & ~infinite].astype(np.float64)
        if not candidate.any() or rest.size == 0:
            continue
        if constants.size == 0:
            return candidate
        one = np.abs(constants / lowest - 1.0) <= _SPREAD
        half = np.abs(constants / lowest - 0.5) <= _SPREAD
        if (one | half).all() and -float(constants.max()) >= max(_TIMES * float(rest.max()), -_HIGHEST):
            return candidate
    return None


def _has_shape_of_mask(masked: Bools, values: FloatArray) -> bool:
    """Whether masks of attention have this shape, and enough cells show it. Both arrays are [head, dest, src]."""
    dest = masked.shape[1]
    if not np.isin(values[masked], np.array(_LOWEST, np.float32)).any() and (
        np.count_nonzero(masked) < _FEW or dest == 1
    ):
        return False
    return _is_causal(masked) or all(_leaves_runs(head) for head in masked if head.any())


def _is_causal(masked: Bools) -> bool:
    """Whether all sources later than the destination are masked, and rows without any source are padding."""
    _, dest, src = masked.shape
    if not 1 < dest <= src:
        return False
    later = later_sources(dest, src)
    empty = masked.all(axis=(0, 2))
    padding = np.asarray(masked.all(axis=(0, 1)))[src - dest :]
    return bool(masked[:, later].all()) and not np.any(empty & ~padding)


def _leaves_runs(masked: Bools) -> bool:
    """Whether each destination keeps one run of the sources that any destination keeps, and runs never move back."""
    kept = ~masked[:, ~masked.all(axis=0)]
    if not kept.any(axis=1).all():
        return False
    first = kept.argmax(axis=1)
    end = kept.shape[1] - kept[:, ::-1].argmax(axis=1)
    runs = np.array_equal(kept.sum(axis=1), end - first)
    return runs and bool((np.diff(first) >= 0).all() and (np.diff(end) >= 0).all())
