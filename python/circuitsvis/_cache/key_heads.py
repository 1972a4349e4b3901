"""Grouped-query attention: neighbouring heads share a key head, whose keys and values they read."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def key_head(head: int, n_heads: int, n_key_heads: int) -> int:
    """The key head that a head reads; the head itself where there are as many key heads as heads."""
    return head // (n_heads // n_key_heads)


def key_heads(n_heads: int, n_key_heads: int) -> npt.NDArray[np.intp]:
    """[head]: the key head that each head reads."""
    return np.arange(n_heads) // (n_heads // n_key_heads)
