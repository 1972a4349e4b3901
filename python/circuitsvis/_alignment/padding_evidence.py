"""On which side a batch without an attention mask was padded, from the activations of tokens that occur more than once.

A causal model that was run without a mask attends to left padding like to any token, and never reaches right padding, so the
patterns themselves do not show the side. But each side puts the tokens at other positions, and the first layer computes q, k
and v from one token and its position alone: equal tokens at equal positions must have equal activations, and different
tokens different ones. A side that contradicts this is refuted. The other one is taken if nothing contradicts it and something
confirms it: equal tokens with equal activations, or the side on which the model's tokenizer pads.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from circuitsvis._cache import queries_and_keys, value_vectors
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.batch_axis import with_batch
from circuitsvis._common import rounding
from circuitsvis._common.arrays import FloatArray, shape_of, to_float32
from circuitsvis._common.causal_mask import Bools, later_sources
from circuitsvis._input.padding_checks import Side

Label = Hashable | None
"""A token's text or id; None where it is unknown or where its text stands for several tokens."""

_PADDING = object()
"""The label of padding whose token is unknown: equal to itself, and perhaps to any other token."""

_SEQUENCES = 16
"""Short sequences that are compared; padding has one side in a batch, so a few show it."""

_DIMENSIONS = 64
"""Dimensions of an activation that are compared: two tokens do not agree in so many by chance."""

_SURELY_LESS_THAN_ONE = 0.999
_ENTRIES = 3
"""Probabilities between 0 and almost 1 that a pattern's row needs before two equal rows mean equal tokens."""


@dataclass(frozen=True)
class _Feature:
    """Activations that depend on few tokens.

    Attributes:
        values: [sequence, position, dimension].
        roundoff: relative rounding error of the cached numbers.
        of_prefix: whether they depend on all tokens up to their position; else on the token and its position.
        telling: [sequence, position], where equal values mean equal tokens.
    """

    values: FloatArray
    roundoff: float
    of_prefix: bool
    telling: Bools

    def compare(self, i: int, j: int) -> tuple[Bools, Bools]:
        """Which positions (p of i, r of j) are equal and which are different; [p, r] each. What is neither is unclear."""
        a, b = self.values[i].astype(np.float64), self.values[j].astype(np.float64)
        size = np.maximum(np.linalg.norm(a, axis=-1)[:, None], np.linalg.norm(b, axis=-1)[None])
        if self.of_prefix:
            distance = np.full(size.shape, np.nan)
            np.fill_diagonal(distance, np.linalg.norm(a - b, axis=-1))
        else:
            squares = (a**2).sum(-1)[:, None] + (b**2).sum(-1)[None] - 2 * a @ b.T
            distance = np.sqrt(np.maximum(squares, 0.0))
        telling = self.telling[i][:, None] & self.telling[j][None]
        equal = distance <= max(5 * self.roundoff, 1e-5) * size
        return equal & telling, distance > max(32 * self.roundoff, 1e-3) * size


def side(
    rows: Sequence[Sequence[Label]], length: int, cache: AttentionCache, padding: Label, hint: object
) -> Side | None:
    """The side of the padding of all sequences that are shorter than the pattern; None where the cache does not show it.

    Args:
        rows: the tokens of every sequence of the batch, ids or texts; at least one fills the pattern.
        length: positions of the pattern.
        cache: the activations.
        padding: the label of the padding token if it is known.
        hint: the side on which the model's tokenizer pads, if there is one.
    """
    full = [i for i, row in enumerate(rows) if len(row) == length][:2]
    short = [i for i, row in enumerate(rows) if len(row) < length][:_SEQUENCES]
    unpadded = [(full[0], i) for i in full]
    padded = [(i, j) for i in short for j in (i, *full)] + [(i, j) for i in short for j in short if i < j]
    sides: tuple[Side, Side] = ("left", "right")
    labels = {side: {i: _placed(rows[i], length, side, padding) for i in full + short} for side in sides}
    possible, confirmed = set(sides), {side for side in sides if side == hint}
    for feature in _features(cache, len(rows), length):
        if _compare(feature, labels["left"], unpadded).contradicted:  # texts or activations are not what they seem
            continue
        for side in sides:
            comparison = _compare(feature, labels[side], padded)
            possible -= {side} if comparison.contradicted else set()
            confirmed |= {side} if comparison.confirmed else set()
    return possible.pop() if len(possible) == 1 and possible <= confirmed else None


def _features(cache: AttentionCache, batch_size: int, length: int) -> Iterator[_Feature]:
    """What the first cached layer holds. v or k only of the very first layer: later ones depend on many tokens."""
    layer = cache.layers[0]
    if layer == 0:
        value, pairs = value_vectors.most_likely(cache, layer), queries_and_keys.candidates(cache, layer)
        tensor = value if value is not None else pairs[-1].keys if pairs else None
        if tensor is not None and shape_of(with_batch(tensor, 3), "cache")[:2] == (batch_size, length):
            values = to_float32(tensor, "cache").reshape(batch_size, length, -1)
            values = values[..., :: max(1, values.shape[-1] // _DIMENSIONS)]
            telling: Bools = np.asarray(values.any(-1))
            yield _Feature(values, rounding.unit_roundoff(values), of_prefix=False, telling=telling)
    patterns = to_float32(with_batch(cache.pattern(layer), 3), "cache")[:, :_DIMENSIONS]
    square = patterns.shape[0] == batch_size and patterns.shape[2:] == (length, length)
    if square and not patterns[..., later_sources(length, length)].any():
        rows = np.moveaxis(patterns, 1, 2)  # [sequence, dest, head, src]
        telling = ((rows > 0) & (rows < _SURELY_LESS_THAN_ONE)).sum((2, 3)) >= _ENTRIES
        logs = np.log(np.where(rows > 0, rows, 1.0)).reshape(batch_size, length, -1)
        yield _Feature(logs, rounding.unit_roundoff(patterns), of_prefix=True, telling=telling)


def _placed(row: Sequence[Label], length: int, side: Side, padding: Label) -> list[Label]:
    """The label of each position, if `row` is padded on that side."""
    padded = [_PADDING if padding is None else padding] * (length - len(row))
    return [*padded, *row] if side == "left" else [*row, *padded]


class _Comparison(NamedTuple):
    """contradicted: activations are equal where tokens differ, or differ where tokens (or all tokens up to there) are equal.
    confirmed: in two sequences both are equal.
    """

    contradicted: bool
    confirmed: bool


def _compare(feature: _Feature, labels: dict[int, list[Label]], pairs: Sequence[tuple[int, int]]) -> _Comparison:
    """What the activations of these pairs of sequences show about the labels of their positions."""
    confirmed = False
    for i, j in pairs:
        same, other = _same(labels[i], labels[j])
        if feature.of_prefix:
            same, other = _prefixes(same, other)
        equal, different = feature.compare(i, j)
        if (equal & other).any() or (different & same).diagonal().any():
            return _Comparison(contradicted=True, confirmed=False)
        confirmed |= i != j and bool((equal & same).diagonal().any())
    return _Comparison(contradicted=False, confirmed=confirmed)


def _same(a: Sequence[Label], b: Sequence[Label]) -> tuple[Bools, Bools]:
    """Where tokens are surely equal, and where they are surely different; [position of a, position of b]."""
    numbers: dict[Label, int] = {}
    left, right = (np.array([numbers.setdefault(label, len(numbers)) for label in row]) for row in (a, b))
    known = [np.array([label is not None for label in row]) for row in (a, b)]
    certain = [np.array([label is not None and label is not _PADDING for label in row]) for row in (a, b)]
    equal = left[:, None] == right[None]
    return equal & known[0][:, None] & known[1][None], ~equal & certain[0][:, None] & certain[1][None]


def _prefixes(same: Bools, other: Bools) -> tuple[Bools, Bools]:
    """On the diagonal, whether all tokens up to there are equal, and whether one of them differs."""
    return (
        np.diag(np.logical_and.accumulate(same.diagonal())),
        np.diag(np.logical_or.accumulate(other.diagonal())),
    )
