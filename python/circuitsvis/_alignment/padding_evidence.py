"""The side of the padding of a batch that was run without an attention mask, from tokens that occur more than once.

Such patterns do not show the side: a causal model attends to left padding as to any token, and never reaches right padding. But
each side puts the tokens at other positions, and the first layer computes q, k and v of a position from its token alone. So
equal tokens at equal positions must have equal activations, and different tokens different ones. A side that contradicts this
is excluded. The other side is the answer if nothing contradicts it and something confirms it: equal tokens with equal
activations, or the side on which the model's tokenizer pads (docs/decisions/0005).
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
"""A token's text or id; None if it is unknown, or if its text stands for several tokens."""

_PADDING = object()
"""The label of padding whose token is unknown: equal to itself, and perhaps to any other token."""

_MAX_SHORT = 16
"""Short sequences that are compared; the padding of a batch is on one side, so a few show it."""

_MAX_DIMENSIONS = 64
"""Dimensions of an activation that are compared; two tokens do not agree in so many by chance."""

_BELOW_ONE = 0.999
_MIN_PROBABILITIES = 3
"""Probabilities above 0 and below 0.999 that a pattern's row needs for equal rows to mean equal tokens."""

_EQUAL_ROUNDINGS, _MIN_EQUAL = 5, 1e-5
_DIFFERENT_ROUNDINGS, _MIN_DIFFERENT = 32, 1e-3
"""Relative distances up to which activations are equal, and from which they are different, as rounding errors and at least."""


@dataclass(frozen=True)
class _Feature:
    """Activations that are a function of few tokens.

    Attributes:
        values: [sequence, position, dimension].
        roundoff: relative rounding error of the cached numbers.
        of_prefix: whether they depend on all tokens up to their position; else on the token and its position.
        conclusive: [sequence, position], whether equal values mean equal tokens.
    """

    values: FloatArray
    roundoff: float
    of_prefix: bool
    conclusive: Bools

    def compare(self, i: int, j: int) -> tuple[Bools, Bools]:
        """Whether activations of sequences i and j are equal, and whether they are different; [position of i, position of j] each.

        Some are neither, if they differ by more than rounding but by little.
        """
        a, b = self.values[i].astype(np.float64), self.values[j].astype(np.float64)
        size = np.maximum(np.linalg.norm(a, axis=-1)[:, None], np.linalg.norm(b, axis=-1)[None])
        if self.of_prefix:
            distance = np.full(size.shape, np.nan)
            np.fill_diagonal(distance, np.linalg.norm(a - b, axis=-1))
        else:
            squares = (a**2).sum(-1)[:, None] + (b**2).sum(-1)[None] - 2 * a @ b.T
            distance = np.sqrt(np.maximum(squares, 0.0))
        conclusive = self.conclusive[i][:, None] & self.conclusive[j][None]
        equal = distance <= max(_EQUAL_ROUNDINGS * self.roundoff, _MIN_EQUAL) * size
        return equal & conclusive, distance > max(_DIFFERENT_ROUNDINGS * self.roundoff, _MIN_DIFFERENT) * size


def side(
    rows: Sequence[Sequence[Label]], length: int, cache: AttentionCache, padding: Label, hint: object
) -> Side | None:
    """The side of the padding of all sequences that are shorter than the pattern; None if the cache does not show it.

    Args:
        rows: tokens of every sequence of the batch, ids or texts; at least one fills the pattern.
        length: positions of the pattern.
        cache: the activations.
        padding: label of the padding token, if known.
        hint: the side on which the model's tokenizer pads, if it has one.
    """
    full = [i for i, row in enumerate(rows) if len(row) == length][:2]
    short = [i for i, row in enumerate(rows) if len(row) < length][:_MAX_SHORT]
    unpadded = [(full[0], i) for i in full]
    padded = [(i, j) for i in short for j in (i, *full)] + [(i, j) for i in short for j in short if i < j]
    sides: tuple[Side, Side] = ("left", "right")
    labels = {side: {i: _padded_labels(rows[i], length, side, padding) for i in full + short} for side in sides}
    possible, confirmed = set(sides), {side for side in sides if side == hint}
    for feature in _features(cache, len(rows), length):
        # If even sequences without padding contradict their labels, the activations depend on more than the tokens.
        if _compare(feature, labels["left"], unpadded).contradicted:
            continue
        for side in sides:
            comparison = _compare(feature, labels[side], padded)
            possible -= {side} if comparison.contradicted else set()
            confirmed |= {side} if comparison.confirmed else set()
    return possible.pop() if len(possible) == 1 and possible <= confirmed else None


def _features(cache: AttentionCache, batch_size: int, length: int) -> Iterator[_Feature]:
    """Values or keys, and patterns, of the first cached layer. Values and keys only in layer 0: later ones depend on many tokens."""
    layer = cache.layers[0]
    if layer == 0:
        vectors, pairs = value_vectors.most_likely(cache, layer), queries_and_keys.candidates(cache, layer)
        tensor = vectors if vectors is not None else pairs[-1].keys if pairs else None
        if tensor is not None and shape_of(with_batch(tensor, 3), "cache")[:2] == (batch_size, length):
            values = to_float32(tensor, "cache").reshape(batch_size, length, -1)
            values = values[..., :: max(1, values.shape[-1] // _MAX_DIMENSIONS)]
            conclusive: Bools = np.asarray(values.any(-1))
            yield _Feature(values, rounding.unit_roundoff(values), of_prefix=False, conclusive=conclusive)
    patterns = to_float32(with_batch(cache.pattern(layer), 3), "cache")[:, :_MAX_DIMENSIONS]
    square = patterns.shape[0] == batch_size and patterns.shape[2:] == (length, length)
    if square and not patterns[..., later_sources(length, length)].any():
        rows = np.moveaxis(patterns, 1, 2)  # [sequence, dest, head, src]
        conclusive = ((rows > 0) & (rows < _BELOW_ONE)).sum((2, 3)) >= _MIN_PROBABILITIES
        logs = np.log(np.where(rows > 0, rows, 1.0)).reshape(batch_size, length, -1)
        yield _Feature(logs, rounding.unit_roundoff(patterns), of_prefix=True, conclusive=conclusive)


def _padded_labels(row: Sequence[Label], length: int, side: Side, padding: Label) -> list[Label]:
    """The label of each of `length` positions, if `row` is padded on that side."""
    padded = [_PADDING if padding is None else padding] * (length - len(row))
    return [*padded, *row] if side == "left" else [*row, *padded]


class _Comparison(NamedTuple):
    """What activations show about labels.

    Attributes:
        contradicted: activations are equal where tokens differ, or differ where tokens (or all tokens up to there) are equal.
        confirmed: in two sequences, tokens and activations are equal at one position.
    """

    contradicted: bool
    confirmed: bool


def _compare(feature: _Feature, labels: dict[int, list[Label]], pairs: Sequence[tuple[int, int]]) -> _Comparison:
    """Compares the activations of pairs of sequences with the labels of their positions."""
    confirmed = False
    for i, j in pairs:
        same_token, other_token = _compare_labels(labels[i], labels[j])
        if feature.of_prefix:
            same_token, other_token = _prefixes(same_token, other_token)
        equal, different = feature.compare(i, j)
        if (equal & other_token).any() or (different & same_token).diagonal().any():
            return _Comparison(contradicted=True, confirmed=False)
        confirmed |= i != j and bool((equal & same_token).diagonal().any())
    return _Comparison(contradicted=False, confirmed=confirmed)


def _compare_labels(a: Sequence[Label], b: Sequence[Label]) -> tuple[Bools, Bools]:
    """Whether tokens are certainly equal, and whether they are certainly different; [position of a, position of b] each."""
    numbers: dict[Label, int] = {}
    numbers_a, numbers_b = (np.array([numbers.setdefault(label, len(numbers)) for label in row]) for row in (a, b))
    labelled = [np.array([label is not None for label in row]) for row in (a, b)]
    is_token = [np.array([label is not None and label is not _PADDING for label in row]) for row in (a, b)]
    equal = numbers_a[:, None] == numbers_b[None]
    return equal & labelled[0][:, None] & labelled[1][None], ~equal & is_token[0][:, None] & is_token[1][None]


def _prefixes(same_token: Bools, other_token: Bools) -> tuple[Bools, Bools]:
    """On the diagonal, whether all tokens up to there are equal, and whether one of them differs."""
    return (
        np.diag(np.logical_and.accumulate(same_token.diagonal())),
        np.diag(np.logical_or.accumulate(other_token.diagonal())),
    )
