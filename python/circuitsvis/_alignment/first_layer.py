"""The side of a batch's padding, from the first layer of a model with learned positions (such as GPT-2), computed from its weights.

This needs no token that occurs in two sequences at one position. Nothing is read from the model's configuration: the computation
must first reproduce the cached activations of a sequence without padding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from circuitsvis._cache import norm_weights
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.norm_weights import NormWeights
from circuitsvis._common import rounding
from circuitsvis._common.arrays import Float64, FloatArray, TensorLike, to_float32
from circuitsvis._common.causal_mask import later_sources
from circuitsvis._input.padding_checks import Side, from_side

_MAX_SHORT = 4
"""Padded sequences that are compared; the padding of a batch is on one side."""


@dataclass(frozen=True)
class _Projection:
    """Weights [head, d_model, d_head] and biases [head, d_head] of queries, keys or values."""

    weights: Float64
    biases: Float64

    def apply(self, stream: Float64) -> Float64:
        """[head, position, d_head] of the layer's input, [position, d_model]."""
        projected: Float64 = np.einsum("pd,hde->hpe", stream, self.weights) + self.biases[:, None]
        return projected


@dataclass(frozen=True)
class _FirstLayer:
    """Embeddings [token, d_model], position embeddings [position, d_model], norm and projections of the first layer."""

    embedding: TensorLike
    positions: Float64
    norm: NormWeights
    values: _Projection | None
    queries_and_keys: tuple[_Projection, _Projection] | None

    def inputs(self, ids: Sequence[int], first: int) -> Float64:
        """The input of the attention, [position, d_model], for tokens at the positions from `first` on."""
        stream = _float64(self.embedding[list(ids)]) + self.positions[first : first + len(ids)]
        return self.norm.at(self.norm.divisors(stream)).apply(stream)


def position_embedding(model: Any) -> TensorLike | None:
    """Learned position embeddings, [position, d_model]; None if the model has none."""
    try:
        weights: TensorLike = model.pos_embed.W_pos
    except (AttributeError, TypeError, RuntimeError):
        return None
    return weights


def side(rows: Sequence[Sequence[int]], length: int, cache: AttentionCache, padding: int | None) -> Side | None:
    """The side of the padding of all sequences that are shorter than the pattern; None if the weights do not show it.

    Args:
        rows: token ids of every sequence of the batch, without padding; at least one fills the pattern.
        length: positions of the pattern.
        cache: the activations, with the model.
        padding: id of the padding token; needed only if nothing but patterns is cached.
    """
    full = next(i for i, row in enumerate(rows) if len(row) == length)
    short = [i for i, row in enumerate(rows) if len(row) < length][:_MAX_SHORT]
    if cache.layers[0] != 0:
        return None
    for layer in _first_layers(cache.model):
        if not _agrees(layer, cache, full, rows[full], slice(0, length), padding):
            continue
        sides: tuple[Side, Side] = ("left", "right")
        fitting = [
            side
            for side in sides
            if all(_agrees(layer, cache, i, rows[i], from_side(len(rows[i]), length, side), padding) for i in short)
        ]
        return fitting[0] if len(fitting) == 1 else None
    return None


def _agrees(
    layer: _FirstLayer, cache: AttentionCache, index: int, ids: Sequence[int], positions: Any, padding: int | None
) -> bool:
    """Whether the layer computes the cached values, else the cached pattern, if these tokens stand at these positions."""
    first = positions.start
    sequence = CachedSequence(cache, index)
    cached_values = sequence.values(0)
    if cached_values is not None and layer.values is not None:
        values = layer.values.apply(layer.inputs(ids, first)).swapaxes(0, 1)
        return _close(values, cached_values[positions])
    if layer.queries_and_keys is None or (first > 0 and padding is None):
        return False
    queries, keys = layer.queries_and_keys
    inputs = layer.inputs([*([padding or 0] * first), *ids], 0)
    q, k = queries.apply(inputs), keys.apply(inputs)
    n = len(inputs)
    scores = np.where(later_sources(n, n), -np.inf, q @ k.swapaxes(1, 2) / np.sqrt(q.shape[-1]))
    exponentials = np.exp(scores - scores.max(-1, keepdims=True))
    pattern = exponentials / exponentials.sum(-1, keepdims=True)
    return _close(pattern, sequence.patterns(0)[:, :n, :n])


def _close(computed: Float64, cached: FloatArray) -> bool:
    if computed.shape != cached.shape:
        return False
    tolerance = max(32 * rounding.unit_roundoff(cached), 1e-3)
    return bool(np.abs(computed - cached).max() <= tolerance * np.abs(cached).max())


def _first_layers(model: Any) -> Iterator[_FirstLayer]:
    """The model's first layer with each variant of its norm; nothing if the model lacks one of the parts."""
    try:
        configured, attention = norm_weights.read(model, model.blocks[0], "ln1"), model.blocks[0].attn
        positions, embedding = _float64(model.pos_embed.W_pos), model.W_E
        values, queries, keys = (_projection(attention, letter) for letter in "VQK")
    except (AttributeError, IndexError, KeyError, TypeError, RuntimeError):
        return
    both = None if queries is None or keys is None else (queries, keys)
    for norm in configured.variants() if configured is not None else ():
        yield _FirstLayer(embedding, positions, norm, values, both)


def _projection(attention: Any, letter: str) -> _Projection | None:
    weights = _float64(getattr(attention, f"W_{letter}"))
    biases = getattr(attention, f"b_{letter}", None)
    if weights.ndim != 3:
        return None
    return _Projection(weights, np.zeros(weights[:, 0].shape) if biases is None else _float64(biases))


def _float64(array: TensorLike) -> Float64:
    return to_float32(array, "weights").astype(np.float64)
