"""A layer's patterns in blocks of rows that stay in the processor's cache, so that memory is read once however much is computed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from circuitsvis._common.arrays import Float64, FloatArray

CELLS = 1 << 16
"""Cells of a block: 256 kB in float32 and 512 kB in float64, which a core's second-level cache holds with what is computed from them."""

_ROWS = 32
"""Rows of one head in a block. Of a causal pattern, the sources after the last of them are not read."""


class Block(NamedTuple):
    """Some rows of some heads, in memory that the next block overwrites.

    Attributes:
        heads, rows: which ones.
        values: [head, row, src] in float32.
        exact: [head, row, src], the same in float64.
    """

    heads: slice
    rows: slice
    values: FloatArray
    exact: Float64


def blocks(patterns: FloatArray, *, causal: bool) -> Iterator[Block]:
    """All blocks of a layer.

    Args:
        patterns: [head, dest, src]; only read.
        causal: whether all cells of later sources are 0, so that they need not be read.
    """
    n_heads, n_dest, n_src = patterns.shape
    n_rows = max(1, min(_ROWS, n_dest, CELLS // max(1, n_src)))
    size = min(patterns.size, max(CELLS, n_rows * n_src))
    single, double = np.empty(size, np.float32), np.empty(size)
    for row in range(0, n_dest, n_rows):
        rows = slice(row, min(row + n_rows, n_dest))
        n_read = rows.stop if causal else n_src
        at_once = max(1, CELLS // (n_rows * n_read))
        for head in range(0, n_heads, at_once):
            heads = slice(head, min(head + at_once, n_heads))
            read = patterns[heads, rows, :n_read]
            values, exact = single[: read.size], double[: read.size]
            np.copyto(values.reshape(read.shape), read)
            np.copyto(exact, values)  # in one piece, which is faster than row by row
            yield Block(heads, rows, values.reshape(read.shape), exact.reshape(read.shape))
