"""The first attention layer of a model with learned positions (GPT-2 and its like), computed from token ids and weights.

It shows where a batch was padded if no two sequences have a token in common at one position. Nothing is taken from the model's
configuration: what is computed must give the cached activations of a sequence without padding before it is used.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis._cache import model_weights
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.model_weights import NormWeights
from circuitsvis._common import rounding
from circuitsvis._common.arrays import FloatArray, to_float32
from circuitsvis._common.causal_mask import later_sources
from circuitsvis._input.padding_checks import Side, from_side

Float64 = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Weights:
    """Float64 weights: positions [position, d_model], and (W [head, d_model, d_head], b [head, d_head]) of each projection."""

    embedding: Any
    positions: Float64
    norm: NormWeights
    values: tuple[Float64, Float64] | None
    queries_and_keys: tuple[tuple[Float64, Float64], tuple[Float64, Float64]] | None

    def streams(self, ids: Sequence[int], first: int) -> Float64:
        """What the layer reads, [position, d_model], of tokens whose first stands at position `first`."""
        stream = _array(self.embedding[list(ids)]) + self.positions[first : first + len(ids)]
        return self.norm.at(self.norm.divisors(stream)).apply(stream)


def position_embedding(model: Any) -> Any:
    """[position, d_model] of learned positions, None where the model has none."""
    try:
        return model.pos_embed.W_pos
    except (AttributeError, TypeError, RuntimeError):
        return None


def side(rows: Sequence[Sequence[int]], length: int, cache: AttentionCache, padding: int | None) -> Side | None:
    """The side of the padding of the sequences that are shorter than the pattern; None where weights do not show it.

    Args:
        rows: the ids of every sequence of the batch; at least one fills the pattern.
        length: positions of the pattern.
        cache: the activations, with the model.
        padding: the padding token's id; needed only where nothing but patterns is cached.
    """
    full = next(i for i, row in enumerate(rows) if len(row) == length)
    short = [i for i, row in enumerate(rows) if len(row) < length][:4]
    if cache.layers[0] != 0:
        return None
    for weights in _weights(cache.model):
        if not _agrees(weights, cache, full, rows[full], slice(0, length), padding):
            continue
        sides: tuple[Side, Side] = ("left", "right")
        fitting = [
            side
            for side in sides
            if all(_agrees(weights, cache, i, rows[i], from_side(len(rows[i]), length, side), padding) for i in short)
        ]
        return fitting[0] if len(fitting) == 1 else None
    return None


def _agrees(
    weights: _Weights, cache: AttentionCache, index: int, ids: Sequence[int], at: Any, padding: int | None
) -> bool:
    """Whether sequence `index` has these tokens at these positions: compared with v, else with the pattern."""
    first = at.start
    sequence = CachedSequence(cache, index)
    cached_values = sequence.values(0)
    if cached_values is not None and weights.values is not None:
        w, b = weights.values
        got = np.einsum("pd,hde->phe", weights.streams(ids, first), w) + b
        return _close(got, cached_values[at])
    if weights.queries_and_keys is None or (first > 0 and padding is None):
        return False
    (w_q, b_q), (w_k, b_k) = weights.queries_and_keys
    stream = weights.streams([*([padding or 0] * first), *ids], 0)
    q, k = np.einsum("pd,hde->hpe", stream, w_q) + b_q[:, None], np.einsum("pd,hde->hpe", stream, w_k) + b_k[:, None]
    n = len(stream)
    scores = np.where(later_sources(n, n), -np.inf, q @ k.swapaxes(1, 2) / np.sqrt(q.shape[-1]))
    exponentials = np.exp(scores - scores.max(-1, keepdims=True))
    pattern = exponentials / exponentials.sum(-1, keepdims=True)
    return _close(pattern, sequence.patterns(0)[:, :n, :n])


def _close(got: Float64, cached: FloatArray) -> bool:
    if got.shape != cached.shape:
        return False
    tolerance = max(32 * rounding.unit_roundoff(cached), 1e-3)
    return bool(np.abs(got - cached).max() <= tolerance * np.abs(cached).max())


def _weights(model: Any) -> Iterator[_Weights]:
    """The model's first layer, with each of the norms that it may have; nothing where it has other parts."""
    try:
        configured, attention = model_weights.norm(model, model.blocks[0], "ln1"), model.blocks[0].attn
        positions, embedding = _array(position_embedding(model)), model.W_E
        values, queries, keys = (_map(attention, letter) for letter in "VQK")
    except (AttributeError, IndexError, KeyError, TypeError, RuntimeError):
        return
    both = None if queries is None or keys is None else (queries, keys)
    for norm in configured.variants() if configured is not None else ():
        yield _Weights(embedding, positions, norm, values, both)


def _map(attention: Any, letter: str) -> tuple[Float64, Float64] | None:
    """(W [head, d_model, d_head], b [head, d_head]) of a projection."""
    weight = _array(getattr(attention, f"W_{letter}"))
    bias = getattr(attention, f"b_{letter}", None)
    if weight.ndim != 3:
        return None
    return weight, np.zeros(weight[:, 0].shape) if bias is None else _array(bias)


def _array(value: Any) -> Float64:
    return to_float32(value, "weights").astype(np.float64)
