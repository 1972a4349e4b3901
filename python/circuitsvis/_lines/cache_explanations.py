"""q, k and scores of a cache's chosen heads, one sequence at a time, cropped as its pattern is, to their explanations."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from circuitsvis._cache import attention_module, queries_and_keys
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._common.arrays import FloatArray
from circuitsvis._input.token_axes import Axes
from circuitsvis._lines import explanation
from circuitsvis._lines.candidates import Layer, Vectors
from circuitsvis._lines.explanation import Explanation

_FEW_CELLS = 4096
"""Up to so many cells per head, all heads of a layer are read as evidence of how it works, not only those that are shown."""


class Computing:
    """How the chosen heads of a cache come to their patterns.

    Args:
        cache: where the activations are.
        heads: (layer, head) pairs in the order they are shown.
    """

    def __init__(self, cache: AttentionCache, heads: Sequence[tuple[int, int]]) -> None:
        self._cache = cache
        self._heads = heads

    def explanations(self, index: int, axes: Axes, patterns: Sequence[FloatArray]) -> list[Explanation]:
        """One explanation per head, of one sequence.

        Args:
            index: of the sequence in the batch.
            axes: the positions to keep.
            patterns: [dest, src] of each head, cropped.
        """
        found: dict[int, Explanation] = {}
        for layer in {layer for layer, _ in self._heads}:
            places = [place for place, (of, _) in enumerate(self._heads) if of == layer]
            heads = [self._heads[place][1] for place in places]
            others = self._others(layer, heads, index, axes)
            explained = explanation.explain(
                self._layer(layer, {*heads, *others}, index, axes), heads, [patterns[place] for place in places], others
            )
            found |= zip(places, explained, strict=True)
        return [found[place] for place in range(len(self._heads))]

    def _others(self, layer: int, heads: Sequence[int], index: int, axes: Axes) -> dict[int, FloatArray]:
        """The patterns of the layer's other heads, where those of the chosen heads are so small that they may show little."""
        if len(axes.dest_tokens) * len(axes.src_tokens or axes.dest_tokens) > _FEW_CELLS:
            return {}
        others = set(range(self._cache.n_heads(layer))) - set(heads)
        sequence = CachedSequence(self._cache, index)
        return {head: axes.crop(sequence.pattern(layer, head)) for head in sorted(others)}

    def _layer(self, layer: int, heads: Collection[int], index: int, axes: Axes) -> Layer:
        cache, sequence = self._cache, CachedSequence(self._cache, index)
        scores = {head: sequence.scores(layer, head) for head in heads}
        return Layer(
            name=layer,
            n_heads=cache.n_heads(layer),
            vectors=[
                Vectors(pair.queries[axes.dest], pair.keys[axes.src], pair.description)
                for pair in sequence.queries_and_keys(layer)
            ],
            scores={head: axes.crop(matrix) for head, matrix in scores.items() if matrix is not None},
            divisors=attention_module.divisors(cache, layer),
            cap=attention_module.soft_cap(cache),
            advice=queries_and_keys.how_to_record(cache, layer),
        )
