"""Sums over the sources of each row of a layer's patterns, from which most scores follow."""

from __future__ import annotations

import numpy as np

from circuitsvis._heads.pattern_blocks import CELLS, Block

_TINY = np.float32(np.finfo(np.float32).tiny)
"""The smallest normal number is added before logarithms, which take much longer of zeros. It changes no probability above 1e-31."""

_LN2 = np.log(2.0)


class RowSums:
    """What each query gives to the sources, in float64. "The rest" are all sources but the first.

    Attributes:
        first: [head, dest], A[q, 0].
        rest: [head, dest], the sum of A[q, k] over k >= 1.
        moment: [head, dest], the sum of A[q, k] k.
        log: [head, dest], the sum of A[q, k] ln A[q, k] over k >= 1. Logarithms and their sum over a row are taken in float32.
        largest: [head, dest], the largest A[q, k] over k >= 1; 0 if there is no such source.
        columns: [head, src], the sum of A[q, k] over q.
        own, before: [head, dest], A[q, q] and A[q, q-1] (0 for q = 0); 0 where the patterns have no such source.
    """

    def __init__(self, n_heads: int, n_dest: int, n_src: int) -> None:
        self.first, self.rest, self.moment, self.log, self.largest, self.own, self.before = np.zeros(
            (7, n_heads, n_dest)
        )
        self.columns = np.zeros((n_heads, n_src))
        # a column that adds up the rest of a row, and one for its moment
        self._weights = np.stack([np.minimum(np.arange(n_src), 1.0), np.arange(n_src, dtype=np.float64)], 1)
        self._memory = np.empty(min(n_heads * n_dest * n_src, max(CELLS, n_src)), np.float32)

    def add(self, block: Block) -> None:
        """Computes the sums of these heads and rows. Writes to the block's values."""
        heads, rows, values, exact = block
        n_heads, n_rows, n_src = values.shape
        # Matrix products: numpy's own sums spend more time on each row than on its numbers. Both have two columns or rows: for a
        # vector, BLAS would start threads beside ours. Of matrices of a block's size it does not.
        self.columns[heads, :n_src] += (np.ones((2, n_rows)) @ exact)[:, 0]
        self.first[heads, rows] = exact[..., 0]
        self._add_diagonals(block)
        if n_src == 1:
            return
        sums = exact.reshape(-1, n_src) @ self._weights[:n_src]
        self.rest[heads, rows], self.moment[heads, rows] = sums.T.reshape(2, n_heads, n_rows)
        values[..., 0] = 0.0  # of the rest
        places = values.argmax(-1)  # faster than the largest value itself
        places += np.arange(0, values.size, n_src).reshape(n_heads, n_rows)
        self.largest[heads, rows] = exact.reshape(-1)[places]
        logarithms = self._memory[: values.size].reshape(values.shape)
        np.add(values, _TINY, out=logarithms)
        logarithms[..., 0] = 1.0
        np.log2(logarithms, out=logarithms)  # twice as fast as np.log where a processor has AVX-512, and closer
        self.log[heads, rows] = (logarithms[..., None, :] @ values[..., None])[..., 0, 0] * _LN2

    def _add_diagonals(self, block: Block) -> None:
        """A[q, q] and A[q, q-1]."""
        n_src = block.exact.shape[-1]
        flat = block.exact.reshape(len(block.exact), -1)
        for values, back in ((self.own, 0), (self.before, 1)):
            begin = max(block.rows.start, back)
            end = min(block.rows.stop, n_src + back)
            if begin < end:
                place = (begin - block.rows.start) * n_src + begin - back
                values[block.heads, begin:end] = flat[:, place :: n_src + 1][:, : end - begin]
