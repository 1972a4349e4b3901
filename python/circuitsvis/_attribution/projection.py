"""What an attribution is of: for each destination a direction at the output of the final norm, and its name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.model_weights import Unembedding
from circuitsvis._common.arrays import Float64, FloatArray
from circuitsvis._input import token_ids

_FEW = 64
"""Logits of a direction that are compared with the cached ones."""


@dataclass(frozen=True)
class Place:
    """Which destinations of which sequence a direction is for.

    Attributes:
        index: of the sequence in the batch.
        dest: the destinations, as positions among its tokens.
        kept: where its tokens are among the positions of the cache, [token].
        length: positions of the cache, padding included.
    """

    index: int
    dest: tuple[int, ...]
    kept: npt.NDArray[np.intp]
    length: int


class Logits(NamedTuple):
    """A sum of a few logits for each destination.

    Attributes:
        ids: [1 or dest, n], token ids.
        factors: [1 or dest, n], what each logit is multiplied by.
    """

    ids: npt.NDArray[np.intp]
    factors: Float64


@dataclass(frozen=True)
class Projection:
    """What the final norm's output is multiplied with.

    Attributes:
        targets: per destination, what it is the logit of.
        residual: [1 or dest, d_model].
        bias: [1 or dest], b_U along the direction; None for a direction of length d_model, which does not tell.
        logits: the logits that it is a sum of; None where they are no few.
    """

    targets: tuple[str, ...]
    residual: Float64
    bias: Float64 | None
    logits: Logits | None = None


@dataclass(frozen=True)
class NextToken:
    """The logit of the token that follows each position. `ids` are the sequence's tokens."""

    ids: tuple[int, ...]

    def check(self, place: Place, d_vocab: int) -> None:
        """Raises ValueError for an id that W_U has no column for."""
        for position in place.dest:
            in_vocabulary(self.ids[position + 1], f"tokens: sequence {place.index}", d_vocab)

    def project(self, place: Place, unembedding: Unembedding, model: Any) -> Projection:
        """The directions of the destinations."""
        ids = [self.ids[position + 1] for position in place.dest]
        targets = tuple(_shown(token, model) for token in ids)
        column = np.array(ids)[:, None]
        logits = Logits(column, np.full(column.shape, unembedding.factor))
        return Projection(targets, unembedding.columns(ids), unembedding.bias[ids], logits)


@dataclass(frozen=True)
class Token:
    """The logit of one token, or with `minus` its difference to that of another, at every destination."""

    plus: int
    minus: int | None = None

    def check(self, place: Place, d_vocab: int) -> None:
        """Nothing is left to check: the ids were when they were read."""

    def project(self, place: Place, unembedding: Unembedding, model: Any) -> Projection:
        """One direction for all destinations."""
        ids = [self.plus] if self.minus is None else [self.plus, self.minus]
        signs = np.array([1.0, -1.0][: len(ids)])
        target = " − ".join(_shown(token, model) for token in ids)
        residual, bias = signs @ unembedding.columns(ids), signs @ unembedding.bias[ids]
        logits = Logits(np.array([ids]), unembedding.factor * signs[None])
        return Projection((target,) * len(place.dest), residual[None], np.array([bias]), logits)


@dataclass(frozen=True)
class Vectors:
    """Directions as numbers: [d] for all destinations or [n, d]; over the vocabulary, or at the final norm's output."""

    values: FloatArray
    over_vocabulary: bool

    def check(self, place: Place, d_vocab: int) -> None:
        """Raises ValueError unless the rows can be told to belong to the destinations."""
        self._rows(place)

    def project(self, place: Place, unembedding: Unembedding, model: Any) -> Projection:
        """The directions of the destinations."""
        rows = self._rows(place).astype(np.float64)
        if not self.over_vocabulary:
            return Projection(("given residual direction",) * len(place.dest), rows, None)
        names = [_named(row, model) for row in rows]
        targets = tuple(names if len(names) > 1 else names * len(place.dest))
        used = np.flatnonzero(rows.any(0))
        logits = Logits(used[None], unembedding.factor * rows[:, used]) if len(used) <= _FEW else None
        return Projection(targets, unembedding.combine(rows), rows @ unembedding.bias, logits)

    def _rows(self, place: Place) -> FloatArray:
        """[1 or dest, d]: a row for each shown destination, for each token, or for each position of the cache."""
        n, dest = len(self.values), list(place.dest)
        if self.values.ndim == 1:
            return self.values[None]
        if n in (1, len(dest)):
            return self.values
        if n == len(place.kept):
            return self.values[dest]
        if n == place.length:
            return self.values[place.kept[dest]]
        raise ValueError(
            f"resid_directions: a matrix needs a row for each of the {len(dest)} destinations shown or of the {len(place.kept)} "
            f"positions of sequence {place.index}, got {n} rows (shape {list(self.values.shape)}); "
            "for one vector per sequence pass a list of vectors"
        )


Direction: TypeAlias = NextToken | Token | Vectors


def in_vocabulary(token: int, name: str, d_vocab: int) -> int:
    """The id, checked. Raises ValueError where W_U has no column for it."""
    if not 0 <= token < d_vocab:
        raise ValueError(
            f"{name}: token id {token} is out of range for a vocabulary of {d_vocab} (use 0..{d_vocab - 1})"
        )
    return token


def _named(row: Float64, model: Any) -> str:
    """A direction over the vocabulary by its tokens, where it is one or the difference of two."""
    used = sorted(np.flatnonzero(row), key=lambda token: -row[token])
    if list(row[used]) in ([1.0], [1.0, -1.0]):
        return " − ".join(_shown(int(token), model) for token in used)
    return "given direction over the vocabulary"


def _shown(token: int, model: Any) -> str:
    text = token_ids.text(token, model)
    return text.strip() or repr(text)
