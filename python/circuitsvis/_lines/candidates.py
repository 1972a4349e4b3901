"""q, k and scores of one layer of one sequence, and the products that each of its heads may have made of them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from circuitsvis._cache import key_heads
from circuitsvis._common.arrays import FloatArray


@dataclass(frozen=True)
class Vectors:
    """q and k of a layer, cropped: queries [dest, head, d_head], keys [src, key head, d_head]; `words` about them."""

    queries: FloatArray
    keys: FloatArray
    words: str = ""


@dataclass(frozen=True)
class Layer:
    """What may explain the heads of one layer of one sequence.

    Attributes:
        name: tells keys of layers apart.
        n_heads: all heads of the layer, which may share key heads.
        vectors: pairs to try, the most processed first.
        scores: [dest, src] by head, before the softmax, masked or not; empty where there are none.
        divisors: exact values to try first.
        cap: soft cap of the scores, if the configuration names one.
        advice: what the user can do where something is missing; a sentence or empty.
    """

    name: int
    n_heads: int
    vectors: Sequence[Vectors]
    scores: Mapping[int, FloatArray] = field(default_factory=dict)
    divisors: Sequence[float] = ()
    cap: float | None = None
    advice: str = ""

    def pairs(self, head: int) -> Iterator[Pair]:
        """What the head may multiply; pairs with values that are not finite are left out."""
        for number, vectors in enumerate(self.vectors):
            key_head = key_heads.key_head(head, self.n_heads, vectors.keys.shape[1])
            queries, keys = vectors.queries[:, head], vectors.keys[:, key_head]
            if np.isfinite(queries).all() and np.isfinite(keys).all():
                dot = queries.astype(np.float64) @ keys.astype(np.float64).T
                largest = float(np.abs(dot).max())
                reach = np.linalg.norm(queries, axis=-1).max() * np.linalg.norm(keys, axis=-1).max()
                cancellation = float(reach) / largest if largest > 0.0 else 1.0
                candidates = (*self.divisors, math.sqrt(queries.shape[-1]), 1.0)
                yield Pair(queries, keys, (self.name, number, key_head), vectors.words, dot, cancellation, candidates)


@dataclass(frozen=True)
class Pair:
    """What one head may multiply.

    Attributes:
        queries, keys: [dest, d_head], [src, d_head].
        key_head: tells the keys of different heads apart: equal where they are the same array.
        words: about the vectors.
        dot: q·k, [dest, src], of the values as cached, in float64.
        cancellation: how much larger the product of the longest vectors is than the largest dot.
        candidates: exact divisors, the most likely first.
    """

    queries: FloatArray
    keys: FloatArray
    key_head: tuple[int, int, int]
    words: str
    dot: npt.NDArray[np.float64]
    cancellation: float
    candidates: tuple[float, ...]
