"""The attention activations of one sequence of a cache, as float32 numpy arrays without a batch axis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from circuitsvis._cache import output_path, queries_and_keys, value_vectors
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.batch_axis import of_sequence
from circuitsvis._cache.hook_names import SCORES
from circuitsvis._common.arrays import FloatArray, TensorLike, shape_of, to_float32


class QueriesAndKeys(NamedTuple):
    """q [dest, head, d_head] and k [src, key head, d_head] that may be multiplied, and a sentence about them for the page."""

    queries: FloatArray
    keys: FloatArray
    description: str


class CachedSequence:
    """Reads one sequence. Each call copies only what it returns, so that memory stays bounded, also on a GPU.

    Args:
        cache: the activations of all sequences.
        index: index of the sequence in the batch.
    """

    def __init__(self, cache: AttentionCache, index: int) -> None:
        self._cache = cache
        self._index = index
        self._patterns: dict[int, TensorLike] = {}

    def pattern(self, layer: int, head: int) -> FloatArray:
        """[dest, src] of one head."""
        return to_float32(self._pattern(layer)[head], "cache")

    def patterns(self, layer: int) -> FloatArray:
        """[head, dest, src] of all heads of a layer."""
        return to_float32(self._pattern(layer), "cache")

    def scores(self, layer: int, head: int) -> FloatArray | None:
        """[dest, src] of one head: hook_attn_scores, in which some models cache the pattern instead of the scores.

        None if nothing of the pattern's shape is cached.
        """
        scores = self._scores(layer)
        return None if scores is None else to_float32(scores[head], "cache")

    def all_scores(self, layer: int) -> FloatArray | None:
        """[head, dest, src] of all heads of a layer: as `scores`."""
        scores = self._scores(layer)
        return None if scores is None else to_float32(scores, "cache")

    def has_scores(self, layer: int) -> bool:
        """Whether `scores` has something to return."""
        return self._scores(layer) is not None

    def queries_and_keys(self, layer: int) -> Iterator[QueriesAndKeys]:
        """Pairs that the layer may multiply, the last stage before the product first."""
        for pair in queries_and_keys.candidates(self._cache, layer):
            queries, keys = (to_float32(self._part(tensor, 3), "cache") for tensor in (pair.queries, pair.keys))
            yield QueriesAndKeys(queries, keys, pair.description)

    def values(self, layer: int) -> FloatArray | None:
        """[src, key head, d_head]: the value vectors that the layer's pattern most likely mixes; None if none are cached."""
        values = value_vectors.most_likely(self._cache, layer)
        return None if values is None else self.vectors(values)

    def vectors(self, tensor: TensorLike) -> FloatArray:
        """[position, head or key head, d_head] of an activation that has these axes, with or without a batch axis."""
        return to_float32(self._part(tensor, 3), "cache")

    def head_outputs(self, layer: int) -> FloatArray | None:
        """[dest, head * d_head]: hook_z, which W_O reads; None if it is not cached."""
        z = output_path.head_outputs(self._cache, layer)
        return None if z is None else to_float32(self._part(z, 2), "cache")

    def gates(self, layer: int) -> list[FloatArray]:
        """Cached activations whose sigmoid the model may multiply the heads' outputs by: [dest, ...]; their other axes differ."""
        batched = len(self._cache.pattern_shape(layer)) == 4
        gates = output_path.gates(self._cache, layer)
        return [to_float32(gate[self._index] if batched else gate, "cache") for gate in gates]

    def _pattern(self, layer: int) -> TensorLike:
        """All heads as cached, on their own device."""
        if layer not in self._patterns:
            self._patterns[layer] = self._part(self._cache.pattern(layer), 3)
        return self._patterns[layer]

    def _scores(self, layer: int) -> TensorLike | None:
        """Scores of all heads as cached, on their own device; None if nothing of the pattern's shape is cached."""
        scores = self._cache.tensor(layer, SCORES)
        if scores is None or shape_of(scores, "cache") != self._cache.pattern_shape(layer):
            return None
        return self._part(scores, 3)

    def _part(self, tensor: TensorLike, n_axes: int) -> TensorLike:
        return of_sequence(tensor, self._index, n_axes)
