"""Which sources each query of a layer can see, found in the patterns of all its heads: causal masks, windows, none."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import later_sources

_ROWS = 64
"""Rows whose later sources are read at a time."""


class VisibleSources(NamedTuple):
    """The sources that each query can see: first[q] to last[q].

    Attributes:
        first, last: [dest].
        causal: whether no query of a square pattern sees a later source.
    """

    first: npt.NDArray[np.intp]
    last: npt.NDArray[np.intp]
    causal: bool

    @property
    def counts(self) -> npt.NDArray[np.intp]:
        """[dest]: number of sources that each query can see."""
        return self.last - self.first + 1


def of_layer(patterns: FloatArray, *, self_attention: bool) -> VisibleSources:
    """The sources to which queries of any head attend, and those between them.

    A source gets no attention if it is masked, or if its probability is too small for the number format. So all heads of a layer are
    taken together, which have one mask, and all queries: what a query can see, it can see from earlier ones too, unless it is later
    than they are. Of cross-attention, all queries see the same.

    Args:
        patterns: [head, dest, src].
        self_attention: whether destinations and sources are the same positions.
    """
    _, n_dest, n_src = patterns.shape
    causal = self_attention and n_dest == n_src and _no_later_source(patterns)
    first, last = np.zeros(n_dest, np.intp), np.full(n_dest, n_src - 1, np.intp)
    hidden = _rows_without(patterns[:, :, 0])
    if len(hidden):
        first[hidden] = _attended(patterns, hidden).argmax(-1)
    hidden = _rows_without(patterns[:, :, -1])
    if len(hidden) and not causal:
        last[hidden] = n_src - 1 - _attended(patterns, hidden)[:, ::-1].argmax(-1)
    if not self_attention:
        return VisibleSources(np.full(n_dest, first.min()), np.full(n_dest, last.max()), causal)
    first = np.minimum.accumulate(first[::-1])[::-1]
    return VisibleSources(first, np.arange(n_src) if causal else np.maximum.accumulate(last), causal)


def _rows_without(column: FloatArray) -> npt.NDArray[np.intp]:
    """The rows in which no head attends to a source, whose attention is [head, dest]."""
    return np.flatnonzero(~np.asarray(column > 0).any(0))


def _attended(patterns: FloatArray, rows: npt.NDArray[np.intp]) -> npt.NDArray[np.bool_]:
    """[row, src]: whether any head attends to the source. A row without any attention counts as attending to all."""
    attended = np.zeros((len(rows), patterns.shape[2]), bool)
    for head in patterns:
        attended |= head[rows] > 0
    attended[~attended.any(-1)] = True
    return attended


def _no_later_source(patterns: FloatArray) -> bool:
    n = patterns.shape[1]
    for start in range(0, n, _ROWS):
        rows = patterns[:, start : start + _ROWS]
        stop = start + rows.shape[1]
        after = later_sources(rows.shape[1], rows.shape[1])
        if not rows[:, :, stop:].max(initial=0.0) <= 0 or np.any(~(rows[:, :, start:stop] <= 0) & after):  # NaN is not
            return False
    return True
