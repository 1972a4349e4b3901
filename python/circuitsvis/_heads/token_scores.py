"""The scores of a pattern that compare tokens: attention to earlier copies of the query's token, and to what followed them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from circuitsvis._heads.definitions import DUPLICATE_TOKEN, INDUCTION
from circuitsvis._heads.fractions import Fraction, Fractions
from circuitsvis._heads.pattern_blocks import Block


class EarlierCopies(NamedTuple):
    """Pairs of a query and an earlier copy of its token, by query.

    Attributes:
        queries, copies: [pair], positions.
        n_repeated: queries that have an earlier copy.
    """

    queries: npt.NDArray[np.intp]
    copies: npt.NDArray[np.intp]
    n_repeated: int


def earlier_copies(tokens: Sequence[Hashable]) -> EarlierCopies:
    """The pairs of a sequence.

    Args:
        tokens: ids or texts; equal ones are the same token.
    """
    places: dict[Hashable, list[int]] = defaultdict(list)
    queries: list[int] = []
    copies: list[int] = []
    for position, token in enumerate(tokens):
        earlier = places[token]
        queries += [position] * len(earlier)
        copies += earlier
        earlier.append(position)
    return EarlierCopies(np.array(queries, np.intp), np.array(copies, np.intp), len(set(queries)))


class CopySums:
    """Attention to the copies, and to the tokens after them, of every head of a layer.

    Args:
        pairs: those of the sequence.
        n_heads: heads of the layer.
    """

    def __init__(self, pairs: EarlierCopies, n_heads: int) -> None:
        self._pairs = pairs
        self._sums = np.zeros((n_heads, 2))

    def add(self, block: Block) -> None:
        """Adds the attention of these heads and rows."""
        start, end = np.searchsorted(self._pairs.queries, (block.rows.start, block.rows.stop))
        if start == end:
            return
        n_heads, _, n_src = block.exact.shape
        copies = (self._pairs.queries[start:end] - block.rows.start) * n_src + self._pairs.copies[start:end]
        attention = block.exact.reshape(n_heads, -1).take(np.stack([copies, copies + 1]), 1)
        self._sums[block.heads] += attention.sum(-1)

    def fractions(self) -> Fractions:
        """Both scores."""
        n_repeated = float(self._pairs.n_repeated)
        return {
            DUPLICATE_TOKEN.name: Fraction(self._sums[:, 0], n_repeated),
            INDUCTION.name: Fraction(self._sums[:, 1], n_repeated),
        }
