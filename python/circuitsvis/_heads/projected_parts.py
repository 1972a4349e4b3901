"""Components of the residual stream as parts of a head's query or key: through the norm before the attention, W_Q or W_K, and biases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from circuitsvis._cache import attention_module, model_attributes, norm_weights
from circuitsvis._cache.activations import Activations, Rows
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_names import BLOCK_NORM_SCALE, POS_EMBED
from circuitsvis._cache.model_attributes import attribute
from circuitsvis._cache.norm import Norm
from circuitsvis._common.arrays import Float64, shape_of, to_float64
from circuitsvis._heads.edge_parts import EdgePart
from circuitsvis._heads.stream_parts import StreamPart, linear

_NORM = "ln1"
"""The norm before the attention, in both classes of model."""

_IMPROVES = 1e-2
"""What is unusual (a factor, a position embedding after the norm) is believed if it leaves less than this part of the difference."""


@dataclass(frozen=True)
class Projection:
    """W_Q or W_K of a layer, with its bias.

    Attributes:
        weights: [head or key head, d_model, d_head].
        bias: [head or key head, d_head].
    """

    weights: Float64
    bias: Float64

    def of(self, n_heads: int) -> Projection:
        """One for each of so many key heads: HookedTransformer repeats W_K for the heads that share one."""
        repeats = max(1, len(self.weights) // n_heads)
        return Projection(self.weights[::repeats], self.bias[::repeats])


class _Reading(NamedTuple):
    """How the projection reads the stream: through a norm, times a factor, with position embeddings added after the norm or not."""

    norm: Norm | None
    factor: float
    positions: Float64


def projection(cache: AttentionCache, layer: int, letter: str) -> Projection:
    """W_Q or W_K of a layer.

    Args:
        cache: the activations, with the model.
        layer: number of the layer.
        letter: "Q" or "K".

    Raises:
        ValueError: the module does not have them per head.
    """
    module = attention_module.find(cache, layer)
    weights = attribute(module, f"W_{letter}")
    if weights is None or len(shape_of(weights, f"W_{letter}")) != 3:
        name, got = model_attributes.name(cache.model), "none"
        if weights is not None:
            got = f"one of shape {list(shape_of(weights, 'W'))}"
        raise ValueError(
            f"model: the parts of a score need W_{letter} per head, [head, d_model, d_head], but {cache.module.format(layer=layer)} of "
            f"{name} has {got}"
        )
    bias = attribute(module, f"b_{letter}")
    matrices = to_float64(weights, f"W_{letter}")
    zero = np.zeros((len(matrices), matrices.shape[2]))
    return Projection(matrices, zero if bias is None else to_float64(bias, f"b_{letter}").reshape(zero.shape))


class ProjectedParts:
    """The parts of the queries or keys of one layer, at one position.

    Args:
        cache: the activations, with the model.
        layer: number of the layer.
        index: index of the sequence in the batch.
        position: in the cache.
    """

    def __init__(self, cache: AttentionCache, layer: int, index: int, position: int) -> None:
        self._cache, self._layer, self._index = cache, layer, index
        self._rows: Rows = np.array([position])
        self._activations = Activations(cache)

    def of_head(
        self, parts: list[StreamPart], stream: Float64, projection: Projection, head: int, cached: Float64
    ) -> tuple[list[EdgePart], Float64]:
        """The parts of one head's vector, and their values, [part, d_head]; the last is what remains of the cached vector.

        Args:
            parts: the components at this position, [1, d_model] each.
            stream: [1, d_model], the stream that they sum to.
            projection: the weights.
            head: the head, or the key head.
            cached: [head or key head, d_head], the cached vectors of all heads.
        """
        reading = self._reading(stream, projection, cached)
        weights, bias = projection.weights[head] * reading.factor, projection.bias[head]
        names = [part.part for part in parts]
        values = [(linear(reading.norm, part.vectors) @ weights)[0] for part in parts]
        if reading.positions.any():
            names.append(EdgePart("pos_embed"))
            values.append(reading.positions @ weights)
        norm_bias = None if reading.norm is None else reading.norm.bias
        constant = bias if norm_bias is None else bias + norm_bias @ weights
        if constant.any():
            names.append(EdgePart("bias"))
            values.append(constant)
        # What the stream has beyond its components, and the cached vector beyond the projected stream.
        names.append(EdgePart("unaccounted"))
        values.append(cached[head] - np.sum(values, axis=0))
        return names, np.stack(values)

    def _reading(self, stream: Float64, projection: Projection, cached: Float64) -> _Reading:
        """Of all norms, factors and position embeddings, the reading that best gives the cached vectors of all heads.

        A factor (Falcon-H1) is fitted.
        """
        none = np.zeros(stream.shape[1])
        cached_positions = self._activations.rows_if_cached(POS_EMBED.name, self._index, self._rows)
        positions = (
            [none]
            if cached_positions is None or cached_positions.shape != stream.shape
            else [none, cached_positions[0]]
        )
        best: tuple[float, _Reading] | None = None
        wanted = cached - projection.bias
        for norm in (None, *self._norms(stream)):
            read = (stream if norm is None else norm.apply(stream))[0]
            for added in positions:
                vectors = np.einsum("d,hde->he", read + added, projection.weights)
                fitted = float(np.vdot(vectors, wanted) / max(float(np.vdot(vectors, vectors)), 1e-300))
                for factor in (1.0, fitted):
                    unusual = (factor != 1.0) + bool(added.any())
                    error = float(np.linalg.norm(factor * vectors - wanted)) / _IMPROVES**unusual
                    if best is None or error < best[0]:
                        best = error, _Reading(norm, factor, added)
        return best[1] if best is not None else _Reading(None, 1.0, none)

    def _norms(self, stream: Float64) -> Iterator[Norm]:
        block = model_attributes.block(self._cache.model, self._layer)
        weights = norm_weights.read(self._cache.model, block, _NORM)
        if weights is None:
            return
        hook = BLOCK_NORM_SCALE.at(self._layer, module=_NORM)
        scale = self._activations.rows_if_cached(hook, self._index, self._rows)
        for variant in weights.variants():
            yield variant.at(variant.divisors(stream))
            if scale is not None and scale.shape == (1, 1):
                yield variant.at(scale[:, 0])
