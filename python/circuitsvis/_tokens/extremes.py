"""The largest and the smallest values of each column, with their rows, in one exact order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import FloatArray

Int64 = npt.NDArray[np.int64]

_NAN = np.iinfo(np.int64).max
"""The key of NaN, which is sorted behind every value."""

_WORTH_A_PARTITION = 16
"""Rows per chosen value from which selecting before sorting is faster. Of shorter columns, sorting everything is."""


class Extremes(NamedTuple):
    """The values of both ends of each column.

    Attributes:
        values: [column, rank] float32, largest first: the top k, then the bottom k. NaN, behind the others, where a column has
            fewer values.
        positions: [column, rank], the row of each value; the number of rows where there is none.
    """

    values: FloatArray
    positions: Int64


def extremes(columns: FloatArray, k: int) -> Extremes:
    """The top k and the bottom k of each column, which are all of its values where it has no more than 2 k of them.

    Values are ordered from large to small, equal ones by their row. NaN is never chosen before a value.

    Args:
        columns: [row, column], finite or NaN.
        k: at least 1, at most the number of rows.
    """
    n_rows = columns.shape[0]
    keys = _keys(columns)
    n_kept = min(2 * k, n_rows)
    if n_kept < n_rows and (keys == _NAN).any():
        keys = _both_ends_among_gaps(keys, k)
    elif n_rows > _WORTH_A_PARTITION * n_kept:
        keys.partition((k - 1, n_rows - k), axis=1)
        keys = np.concatenate([keys[:, :k], keys[:, -k:]], axis=1)
        keys.sort(axis=1)
    else:
        keys.sort(axis=1)
        if n_kept < n_rows:
            keys = np.concatenate([keys[:, :k], keys[:, -k:]], axis=1)
    return Extremes(_values(keys), np.where(keys == _NAN, n_rows, keys & 0xFFFFFFFF))


def _keys(columns: FloatArray) -> Int64:
    """[column, row]: integers in the order of values from large to small, equal values by row, NaN last.

    A key is a value, whose bits are an integer in the order of floats once those of negative values are flipped, and its row.
    """
    values = np.ascontiguousarray(columns.T) + np.float32(0.0)  # -0 becomes 0
    bits = values.view(np.int32)
    ordered = bits ^ ((bits >> 31) & 0x7FFFFFFF)
    keys: Int64 = np.left_shift(~ordered, 32, dtype=np.int64)
    keys |= np.arange(columns.shape[0], dtype=np.int64)
    keys[np.isnan(values)] = _NAN
    return keys


def _both_ends_among_gaps(keys: Int64, k: int) -> Int64:
    """The first k and the last k keys of each row of `keys`, not counting NaN; in columns with fewer values, all of them."""
    keys.sort(axis=1)
    n_values = (keys != _NAN).sum(axis=1)
    ranks = np.arange(2 * k)
    chosen = np.where(ranks < k, ranks, ranks + np.maximum(n_values - 2 * k, 0)[:, None])
    kept: Int64 = np.take_along_axis(keys, np.minimum(chosen, keys.shape[1] - 1), axis=1)
    kept[ranks >= n_values[:, None]] = _NAN
    return kept


def _values(keys: Int64) -> FloatArray:
    ordered = ~(keys >> 32).astype(np.int32)
    bits = ordered ^ ((ordered >> 31) & 0x7FFFFFFF)
    values = bits.view(np.float32)
    values[keys == _NAN] = np.nan
    return values
