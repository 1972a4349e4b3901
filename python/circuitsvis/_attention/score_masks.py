"""Cells of scores before the softmax that hold the constant of an attention mask, e.g. -inf, and so have no value.

A mask is recognized by its size together with its shape. Its constant is far below all other values. Its cells are the sources
later than the destination, or leave each destination one run of sources (a sliding window, or all sources but the padding).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import Bools, later_sources, without_values

_HIGHEST_CONSTANT = -9e3
"""No mask has a constant above this. The smallest in use is -1e4, to which an additive mask adds the score."""

_MIN_RATIO = 10.0
"""The constant of a mask is at least this many times as large as the largest other value."""

_SPREAD = 0.02
"""Relative difference of values that count as one constant: an additive mask leaves constant + score."""

_CERTAIN = (-math.inf, -65504.0, float.fromhex("-0x1.fep127"), float.fromhex("-0x1.fffffep127"))
"""-inf and the lowest numbers of float16, bfloat16 and float32, which are never scores."""

_MIN_CELLS = 3
"""Cells of another constant that show a mask. One or two may be outliers."""


def without_masks(heads: Sequence[FloatArray]) -> list[FloatArray]:
    """The heads of one sequence with NaN in masked cells; the same arrays if there is no mask.

    Args:
        heads: [dest, src] of each head; only read.
    """
    if min(_lowest(head) for head in heads) > _HIGHEST_CONSTANT:
        return list(heads)
    values = np.stack(heads)
    masked = _cells_of_constant(values)
    if masked is None or not _has_shape_of_mask(masked, values):
        return list(heads)
    return [without_values(head, cells) for cells, head in zip(masked, heads, strict=True)]


def _lowest(head: FloatArray) -> float:
    """The lowest value, or 0 if that is lower; NaN is ignored."""
    lowest = float(head.min())
    return float(np.fmin.reduce(head, axis=None, initial=0.0)) if math.isnan(lowest) else lowest


def _cells_of_constant(values: FloatArray) -> Bools | None:
    """The cells of a constant far below all other values; None if there is no such constant.

    Half of the lowest value counts as the constant too, since two masks may have been added; so does -inf, to which their sum
    may overflow.
    """
    infinite: Bools = np.isneginf(values)
    finite = values[np.isfinite(values)].astype(np.float64)
    if finite.size == 0:
        return None
    lowest = float(finite.min())
    low: Bools = (values <= lowest * (0.5 - _SPREAD)) & ~infinite & (lowest < _HIGHEST_CONSTANT)
    for cells in (low | infinite, infinite):
        others = np.abs(values[~cells & ~np.isnan(values)])
        constants = values[cells & ~infinite].astype(np.float64)
        if not cells.any() or others.size == 0:
            continue
        if constants.size == 0:
            return cells
        is_constant = (np.abs(constants / lowest - 1.0) <= _SPREAD) | (np.abs(constants / lowest - 0.5) <= _SPREAD)
        smallest = max(_MIN_RATIO * float(others.max()), -_HIGHEST_CONSTANT)
        if is_constant.all() and -float(constants.max()) >= smallest:
            return cells
    return None


def _has_shape_of_mask(masked: Bools, values: FloatArray) -> bool:
    """Whether the cells have the shape of an attention mask, and are enough to show it. Both arrays are [head, dest, src]."""
    n_dest = masked.shape[1]
    is_certain = np.isin(values[masked], np.array(_CERTAIN, np.float32)).any()
    if not is_certain and (np.count_nonzero(masked) < _MIN_CELLS or n_dest == 1):
        return False
    return _is_causal(masked) or all(_leaves_runs(head) for head in masked if head.any())


def _is_causal(masked: Bools) -> bool:
    """Whether all later sources are masked, and only destinations in the padding have no source at all."""
    _, dest, src = masked.shape
    if not 1 < dest <= src:
        return False
    without_source = masked.all(axis=(0, 2))
    padding = np.asarray(masked.all(axis=(0, 1)))[src - dest :]
    return bool(masked[:, later_sources(dest, src)].all()) and not np.any(without_source & ~padding)


def _leaves_runs(masked: Bools) -> bool:
    """Whether each destination has one run of the sources that any destination has, and the runs never move back."""
    visible = ~masked[:, ~masked.all(axis=0)]
    if not visible.any(axis=1).all():
        return False
    start = visible.argmax(axis=1)
    end = visible.shape[1] - visible[:, ::-1].argmax(axis=1)
    are_runs = np.array_equal(visible.sum(axis=1), end - start)
    return are_runs and bool((np.diff(start) >= 0).all() and (np.diff(end) >= 0).all())
