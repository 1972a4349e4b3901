"""How the chosen heads of a cache compute their patterns: q, k and scores read and cropped like the pattern."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from circuitsvis._cache import attention_module, queries_and_keys
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._common.arrays import FloatArray
from circuitsvis._input.token_axes import Axes
from circuitsvis._lines.computation import HeadComputation, computations
from circuitsvis._lines.layer_activations import LayerActivations, VectorStage

_SMALL_PATTERN = 4096
"""A pattern of at most this many cells is little evidence by itself, so all heads of its layer are read, not only the chosen ones."""


class CacheComputations:
    """The computations of the chosen heads, one sequence at a time.

    Args:
        cache: the activations.
        heads: (layer, head) pairs in the order they are shown.
    """

    def __init__(self, cache: AttentionCache, heads: Sequence[tuple[int, int]]) -> None:
        self._cache = cache
        self._heads = heads

    def of_sequence(self, index: int, axes: Axes, patterns: Sequence[FloatArray]) -> list[HeadComputation]:
        """One computation per head.

        Args:
            index: index of the sequence in the batch.
            axes: the positions to keep.
            patterns: [dest, src] of each head, cropped.
        """
        result: dict[int, HeadComputation] = {}
        for layer in {layer for layer, _ in self._heads}:
            positions = [position for position, pair in enumerate(self._heads) if pair[0] == layer]
            heads = [self._heads[position][1] for position in positions]
            others = self._other_patterns(layer, heads, index, axes)
            activations = self._activations(layer, {*heads, *others}, index, axes)
            of_layer = computations(activations, heads, [patterns[position] for position in positions], others)
            result |= zip(positions, of_layer, strict=True)
        return [result[position] for position in range(len(self._heads))]

    def _other_patterns(self, layer: int, heads: Sequence[int], index: int, axes: Axes) -> dict[int, FloatArray]:
        """[dest, src] of the heads of the layer that were not chosen, by head; empty if patterns are large."""
        if len(axes.dest_tokens) * len(axes.src_tokens or axes.dest_tokens) > _SMALL_PATTERN:
            return {}
        others = set(range(self._cache.n_heads(layer))) - set(heads)
        sequence = CachedSequence(self._cache, index)
        return {head: axes.crop(sequence.pattern(layer, head)) for head in sorted(others)}

    def _activations(self, layer: int, heads: Collection[int], index: int, axes: Axes) -> LayerActivations:
        cache, sequence = self._cache, CachedSequence(self._cache, index)
        scores = {head: sequence.scores(layer, head) for head in heads}
        return LayerActivations(
            layer,
            n_heads=cache.n_heads(layer),
            stages=[
                VectorStage(pair.queries[axes.dest], pair.keys[axes.src], pair.description)
                for pair in sequence.queries_and_keys(layer)
            ],
            scores={head: axes.crop(matrix) for head, matrix in scores.items() if matrix is not None},
            divisors=attention_module.divisors(cache, layer),
            cap=attention_module.soft_cap(cache),
            advice=queries_and_keys.how_to_record(cache, layer),
        )
