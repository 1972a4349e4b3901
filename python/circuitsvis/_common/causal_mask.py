"""The cells of a causal mask, in which a destination would attend to a later source. All code that masks cells uses these.

A pattern may have fewer destinations than sources, as in generation with a key-value cache. Its destinations are then the last
positions of the sequence: row q stands at source q + (n_src - n_dest), and the diagonal is shifted by as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import FloatArray

Bools: TypeAlias = npt.NDArray[np.bool_]

_REMEMBERED_CELLS = 512 * 512
"""Cells of the largest pattern whose indices, 8 bytes each, are kept for the next pattern of the same shape."""


def later_sources(n_dest: int, n_src: int) -> Bools:
    """[dest, src]: whether the source is later than the destination, that is, right of the shifted diagonal."""
    return ~np.tri(n_dest, n_src, n_src - n_dest, dtype=bool)


def sources_later_than(positions: Sequence[int], n_src: int) -> Bools:
    """[dest, src]: whether the source is later than the destination, where row q stands at source `positions[q]`."""
    later: Bools = np.asarray(positions)[:, None] < np.arange(n_src)
    return later


def visible_cells(n_dest: int, n_src: int) -> npt.NDArray[np.intp]:
    """Flat indices, in C order, of all cells but those of `later_sources`. Not writable."""
    return (_remembered if n_dest * n_src <= _REMEMBERED_CELLS else _visible_cells)(n_dest, n_src)


def without_values(array: FloatArray, masked: Bools) -> FloatArray:
    """A copy of `array` with NaN, which stands for "no value", in the masked cells."""
    return np.where(masked, np.float32(np.nan), array)


def _visible_cells(n_dest: int, n_src: int) -> npt.NDArray[np.intp]:
    cells: npt.NDArray[np.intp] = np.flatnonzero(np.tri(n_dest, n_src, n_src - n_dest, dtype=bool))
    cells.flags.writeable = False
    return cells


_remembered = lru_cache(maxsize=2)(_visible_cells)
