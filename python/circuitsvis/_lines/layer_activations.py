"""q, k and scores of one layer of one sequence, and the products that each of its heads may compute from them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from circuitsvis._cache import key_heads
from circuitsvis._common.arrays import Float64, FloatArray

KeyArray = tuple[int, int, int]
"""Layer, stage and key head: equal for heads that read the same keys."""


@dataclass(frozen=True)
class VectorStage:
    """q and k of all heads of a layer at one stage of the model, e.g. after a rotary embedding; padding cropped.

    Attributes:
        queries: [dest, head, d_head].
        keys: [src, key head, d_head].
        description: a sentence for the page, or empty.
    """

    queries: FloatArray
    keys: FloatArray
    description: str = ""


@dataclass(frozen=True)
class LayerActivations:
    """Everything of one layer, in one sequence, that its patterns may be computed from.

    Attributes:
        layer: index, or any number that no other layer has.
        n_heads: heads of the layer. Consecutive heads share a key head.
        stages: q and k, those of the last stage before the product first.
        scores: [dest, src] by head, before the softmax, with or without the mask; empty if not cached.
        divisors: exact values to try first.
        cap: soft cap that the configuration states.
        advice: a sentence on how to record what is missing, or empty.
    """

    layer: int
    n_heads: int
    stages: Sequence[VectorStage]
    scores: Mapping[int, FloatArray] = field(default_factory=dict)
    divisors: Sequence[float] = ()
    cap: float | None = None
    advice: str = ""

    def of_head(self, head: int) -> Iterator[HeadVectors]:
        """The q and k of a head at each stage where all of their values are finite."""
        for number, stage in enumerate(self.stages):
            key_head = key_heads.key_head(head, self.n_heads, stage.keys.shape[1])
            queries, keys = stage.queries[:, head], stage.keys[:, key_head]
            if np.isfinite(queries).all() and np.isfinite(keys).all():
                yield HeadVectors(
                    number,
                    queries,
                    keys,
                    key_array=(self.layer, number, key_head),
                    description=stage.description,
                    dot=queries.astype(np.float64) @ keys.astype(np.float64).T,
                    candidates=(*self.divisors, math.sqrt(queries.shape[-1]), 1.0),
                )


@dataclass(frozen=True)
class HeadVectors:
    """q and k of one head at one stage, and their product.

    Attributes:
        stage: index into `LayerActivations.stages`.
        queries: [dest, d_head].
        keys: [src, d_head].
        key_array: identifies the keys.
        description: a sentence on the stage, or empty.
        dot: q·k, [dest, src], of the values as cached.
        candidates: exact divisors, the most likely first.
    """

    stage: int
    queries: FloatArray
    keys: FloatArray
    key_array: KeyArray
    description: str
    dot: Float64
    candidates: tuple[float, ...]

    @cached_property
    def cancellation(self) -> float:
        """How many times the product of the longest vectors is larger than the largest dot."""
        largest = float(np.abs(self.dot).max())
        lengths = np.linalg.norm(self.queries, axis=-1).max() * np.linalg.norm(self.keys, axis=-1).max()
        return float(lengths) / largest if largest > 0.0 else 1.0
