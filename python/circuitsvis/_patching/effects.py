"""Effects of patches relative to both unpatched runs."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuitsvis._common.arrays import Float64


def of_mean(patched: Float64, unpatched: Float64, other: Float64) -> Float64:
    """[layer, column]: 0 at the mean metric of the unpatched run, 1 at that of the other run; NaN if these are equal.

    Args:
        patched: [pair, layer, column], the metric after each patch.
        unpatched, other: [pair].
    """
    base, scale = unpatched.mean(), other.mean() - unpatched.mean()
    values: Float64 = np.full(patched.shape[1:], np.nan) if scale == 0.0 else (patched.mean(0) - base) / scale
    values.flags.writeable = False
    return values


def common(rows: Sequence[Sequence[str]]) -> list[str | None]:
    """The text of each position if it is the same in all rows, else None."""
    return [column[0] if len(set(column)) == 1 else None for column in zip(*rows, strict=True)]
