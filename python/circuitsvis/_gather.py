"""From a cache, a selection and tokens to the content of each sequence: patterns cropped, norms where they are cached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from circuitsvis import _computing, _weighting
from circuitsvis._arrays import ArrayLike, FloatArray, gram, shape_of, to_float32, with_batch
from circuitsvis._batch import Batch
from circuitsvis._cache import AttentionCache
from circuitsvis._labels import BatchLabels, batch_label
from circuitsvis._padding import Side
from circuitsvis._positions import Axes
from circuitsvis._props import AttentionType
from circuitsvis._sequences import Content


@dataclass(frozen=True)
class Request:
    """What was asked of `from_cache`, checked as far as it can be without data."""

    tokens: ArrayLike
    src_tokens: ArrayLike | None
    attention_mask: ArrayLike | None
    padding_side: Side | None
    attention_type: AttentionType
    batch_labels: BatchLabels
    explain: bool = False
    """Whether the computation of the patterns is shown (mode="lines")."""


class Gather:
    """Reads the chosen heads of a cache, one sequence at a time.

    Args:
        cache: where the activations are.
        heads: (layer, head) pairs in the order they are shown.
        request: the other arguments.

    Raises:
        MissingActivationError, TypeError, ValueError: as `from_cache` documents; before any value is read.
    """

    def __init__(self, cache: AttentionCache, heads: Sequence[tuple[int, int]], request: Request) -> None:
        self._heads = heads
        self._request = request
        layers = sorted({layer for layer, _ in heads})
        self._patterns = {layer: with_batch(cache.pattern(layer), 4) for layer in layers}
        shape = cache.shape(layers)
        self.batch_size = shape[0]
        weighting = _Weights(cache, layers, request.attention_type)
        self._v = {layer: with_batch(v, 4) for layer, v in weighting.v.items()}
        self._grams = weighting.grams
        self._batch = Batch(
            request.tokens, request.src_tokens, request.attention_mask, request.padding_side, shape, cache.model
        )
        self._computing = _computing.Computing(cache, heads) if request.explain else None

    def contents(self, batch: Sequence[int]) -> Iterator[Content]:
        """The content of each chosen sequence. `batch` holds checked indices."""
        axes = self._batch.axes(batch, self._matrices)
        for position, (index, axis) in enumerate(zip(batch, axes, strict=True)):
            label = batch_label(self._request.batch_labels, position, index, axis.dest_tokens, len(batch))
            value, info = self._norms(index, axis)
            attention = [axis.crop(head) for head in self._matrices(index)]
            explanations = self._computing.explanations(index, axis, attention) if self._computing else ()
            yield Content(label, axis.dest_tokens, axis.src_tokens, attention, value, info, explanations)

    def _matrices(self, index: int) -> list[FloatArray]:
        return [to_float32(self._patterns[layer][index][head], "cache") for layer, head in self._heads]

    def _norms(self, index: int, axes: Axes) -> tuple[FloatArray | None, FloatArray | None]:
        """Relative norms [head, src] over the kept source positions: of v, and of v W_O."""
        if not self._v:
            return None, None
        n_heads = {layer: shape_of(pattern, "cache")[1] for layer, pattern in self._patterns.items()}
        vs = {layer: to_float32(v[index], "cache")[axes.src] for layer, v in self._v.items()}  # [src, kv head, d_head]
        per_head = [vs[layer][:, head // (n_heads[layer] // vs[layer].shape[1])] for layer, head in self._heads]
        value = np.stack([_weighting.value_norms(v) for v in per_head])
        if not self._grams:
            return _weighting.relative(value), None
        pairs = zip(per_head, self._heads, strict=True)
        info = np.stack([_weighting.info_norms(v, self._grams[layer][head]) for v, (layer, head) in pairs])
        return _weighting.relative(value), _weighting.relative(info)


class _Weights:
    """v and the Gram matrices of W_O, where all layers have them; errors only where `attention_type` needs them."""

    def __init__(self, cache: AttentionCache, layers: Sequence[int], attention_type: AttentionType) -> None:
        needed = f"attention_type={attention_type!r}"
        if attention_type == "standard":
            found = {layer: cache.values(layer) for layer in layers}
        else:
            found = {layer: cache.require_values(layer, needed) for layer in layers}
        complete = all(v is not None for v in found.values())
        self.v: dict[int, ArrayLike] = found if complete else {}
        weights = {layer: cache.output_weights(layer) for layer in layers} if complete else {}
        if attention_type == "info-weighted" and any(w is None for w in weights.values()):
            missing = next(layer for layer, w in weights.items() if w is None)
            raise ValueError(
                f"{needed}: needs W_O of {cache.module.format(layer=missing)}, but "
                + ("the cache has no model" if cache.model is None else f"{type(cache.model).__name__} has none there")
                + "; pass model=, or use value-weighted"
            )
        at_hand = bool(weights) and all(w is not None for w in weights.values())
        self.grams = {layer: gram(w, "W_O") for layer, w in weights.items()} if at_hand else {}
