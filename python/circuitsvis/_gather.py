"""From a cache, a selection and tokens to the content of each sequence: patterns cropped, norms where they are cached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from circuitsvis import _computing, _padding, _positions, _tokens, _weighting
from circuitsvis._arrays import ArrayLike, FloatArray, gram, shape_of, to_float32
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
        self._hint: Side | None = getattr(getattr(cache.model, "tokenizer", None), "padding_side", None)
        layers = sorted({layer for layer, _ in heads})
        self._patterns = {layer: _with_batch(cache.pattern(layer), 4) for layer in layers}
        self.batch_size, self._dest, self._src = _common_shape(cache, self._patterns)
        weighting = _Weights(cache, layers, request.attention_type)
        self._v = {layer: _with_batch(v, 4) for layer, v in weighting.v.items()}
        self._grams = weighting.grams
        self._mask = self._check_mask()
        self._model: Any = cache.model
        self._computing = _computing.Computing(cache, heads) if request.explain else None

    def contents(self, batch: Sequence[int]) -> Iterator[Content]:
        """The content of each chosen sequence. `batch` holds checked indices."""
        axes = self._all_axes(batch)
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

    def _check_mask(self) -> list[_padding.Positions] | None:
        mask = self._request.attention_mask
        if mask is None:
            return None
        if self._request.src_tokens is not None or self._dest != self._src:
            raise ValueError(
                "attention_mask: only for patterns of one sequence; with src_tokens pass padding_side instead"
            )
        return _padding.from_mask(mask, self.batch_size, self._src)

    def _all_axes(self, batch: Sequence[int]) -> list[Axes]:
        dest = self._rows("tokens", self._request.tokens, batch)
        if self._request.src_tokens is not None:
            src = self._rows("src_tokens", self._request.src_tokens, batch)
            shape, side = (self._dest, self._src), self._request.padding_side
            return [
                _positions.cross_attention(d, s, shape, side=side, where=f"sequence {i}")
                for i, d, s in zip(batch, dest, src, strict=True)
            ]
        if self._dest != self._src:
            raise ValueError(
                f"src_tokens: needed where patterns are not square: this one has {self._dest} destination and {self._src} "
                "source positions; give the destination tokens as tokens= and the source tokens as src_tokens="
            )
        return [self._self_axes(i, tokens) for i, tokens in zip(batch, dest, strict=True)]

    def _self_axes(self, index: int, tokens: tuple[str, ...]) -> Axes:
        return _positions.self_attention(
            tokens,
            self._src,
            mask=self._mask[index] if self._mask is not None else None,
            side=self._request.padding_side,
            hint=self._hint,
            heads=lambda: self._matrices(index),
            where=f"tokens: sequence {index}",
        )

    def _rows(self, name: str, tokens: ArrayLike, batch: Sequence[int]) -> list[tuple[str, ...]]:
        """The tokens of each chosen sequence."""
        rows, nested = _tokens.per_sequence(tokens, name, self._model)
        if not nested and len(batch) == 1:
            return rows
        if len(rows) != self.batch_size:
            given = f"{len(rows)} lists of tokens" if nested else "one list of tokens"
            raise ValueError(
                f"{name}: the cache holds {self.batch_size} sequences, got {given}; give a list for each sequence"
            )
        return [rows[i] for i in batch]


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


def _with_batch(tensor: ArrayLike, n_axes: int) -> ArrayLike:
    return tensor if len(shape_of(tensor, "cache")) == n_axes else tensor[None]


def _common_shape(cache: AttentionCache, patterns: dict[int, ArrayLike]) -> tuple[int, int, int]:
    """(batch, dest, src) of the patterns, which must agree between layers."""
    shapes = {layer: shape_of(pattern, "cache") for layer, pattern in patterns.items()}
    sizes = {(shape[0], shape[2], shape[3]) for shape in shapes.values()}
    if len(sizes) > 1:
        listed = ", ".join(f"{cache.hook(layer, 'pattern')} {shape}" for layer, shape in shapes.items())
        raise ValueError(f"cache: the chosen layers must agree in batch and positions, got {listed}")
    return sizes.pop()
