"""A small picture of every head, which the page draws before the full data has arrived."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuitsvis._common.arrays import FloatArray

SIDE = 32
SIDE_OF_MANY = 24
"""Largest number of cells on a side of a preview. Thumbnails of many heads are drawn smaller, and their previews add up."""

_MANY = 64  # heads

_SHORT = 8
"""Cells on the shorter side of a long pattern's preview, as far as the pattern has as many."""


def block_size(dest: int, src: int, n_heads: int) -> tuple[int, int]:
    """Rows and columns of the block that one preview cell stands for; (1, 1) if the matrix is small enough.

    Blocks are square, except in a long pattern, whose shorter side keeps up to 8 cells: else its few rows would become one.
    """
    side = max(1, -(-max(dest, src) // (SIDE_OF_MANY if n_heads > _MANY else SIDE)))
    return min(side, -(-dest // _SHORT)), min(side, -(-src // _SHORT))


def preview(
    arrays: Sequence[FloatArray], block: tuple[int, int], *, causal: bool, signed: bool, gaps: bool
) -> FloatArray:
    """[head, rows, cols]: the value of largest magnitude in each block of cells, NaN for a block without values.

    Args:
        arrays: one [dest, src] per head.
        block: rows and columns of a block, in cells.
        causal: whether the cells above the (shifted) diagonal are masked, that is, have no value.
        signed: whether any value is negative.
        gaps: whether any value is NaN.
    """
    dest, src = arrays[0].shape
    tall, wide = block
    rows, cols = -(-dest // tall), -(-src // wide)
    pooled = np.empty((len(arrays), rows, cols), np.float32)
    for array, out in zip(arrays, pooled, strict=True):
        out[:] = array if block == (1, 1) else _strongest(array, block, signed=signed, gaps=gaps)
    if causal:
        last_row = np.minimum(np.arange(1, rows + 1) * tall, dest) - 1  # the last destination of each row of blocks
        pooled[:, np.arange(cols) * wide > last_row[:, None] + (src - dest)] = np.nan
    return pooled


def _strongest(array: FloatArray, block: tuple[int, int], *, signed: bool, gaps: bool) -> FloatArray:
    high = _pool(array, block, np.fmax if gaps else np.maximum)
    if not signed:
        return high
    low = _pool(array, block, np.fmin if gaps else np.minimum)
    strongest: FloatArray = np.where(-low > high, low, high)
    return strongest


def _pool(array: FloatArray, block: tuple[int, int], pick: np.ufunc) -> FloatArray:
    """Reduces each block by `pick`, np.maximum for example. Blocks at the end may be smaller."""
    return _pool_rows(_pool_rows(array, block[0], pick).T, block[1], pick).T


def _pool_rows(array: FloatArray, block: int, pick: np.ufunc) -> FloatArray:
    """Reduces each run of `block` rows by `pick`. Strided slices: numpy's reduction over a short axis is ten times slower."""
    pooled = array[::block].copy()
    for i in range(1, block):
        rows = array[i::block]
        pick(pooled[: len(rows)], rows, out=pooled[: len(rows)])
    return pooled
