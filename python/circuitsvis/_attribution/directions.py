"""What is attributed: a direction at the output of the final norm for each destination, and its name on the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.unembedding import Unembedding
from circuitsvis._common.arrays import Float64, FloatArray
from circuitsvis._input import token_ids

_MOST_COMPARED_LOGITS = 64
"""Directions that are sums of more logits than this are not compared with the cached logits."""


@dataclass(frozen=True)
class Destinations:
    """The destinations of one sequence.

    Attributes:
        sequence: index in the batch.
        dest: the destinations as positions among the sequence's tokens.
        token_positions: [token], where the tokens are among the positions of the cache.
        n_positions: positions of the cache, padding included.
    """

    sequence: int
    dest: tuple[int, ...]
    token_positions: npt.NDArray[np.intp]
    n_positions: int

    @property
    def cache_positions(self) -> npt.NDArray[np.intp]:
        """[dest]: the destinations as positions of the cache."""
        return self.token_positions[list(self.dest)]


class LogitCombination(NamedTuple):
    """A weighted sum of a few logits for each destination.

    Attributes:
        token_ids: [1 or dest, n].
        factors: [1 or dest, n], the factor of each logit.
    """

    token_ids: npt.NDArray[np.intp]
    factors: Float64


@dataclass(frozen=True)
class ResolvedDirection:
    """A direction as numbers, for the destinations of one sequence.

    Attributes:
        targets: per destination, the name of what is attributed.
        vectors: [1 or dest, d_model], at the output of the final norm.
        b_u: [1 or dest], b_U along the direction; None for a direction of length d_model, which does not determine it.
        logits: the logits that the direction is a sum of; None where they are many, or unknown.
    """

    targets: tuple[str, ...]
    vectors: Float64
    b_u: Float64 | None
    logits: LogitCombination | None = None


@dataclass(frozen=True)
class NextToken:
    """The logit of the token that follows each destination. `ids` are the sequence's tokens."""

    ids: tuple[int, ...]

    def check(self, destinations: Destinations, d_vocab: int) -> None:
        """Raises ValueError for an id that W_U has no column for."""
        for position in destinations.dest:
            check_id(self.ids[position + 1], f"tokens: sequence {destinations.sequence}", d_vocab)

    def resolve(self, destinations: Destinations, unembedding: Unembedding, model: object) -> ResolvedDirection:
        """The direction of each destination."""
        ids = [self.ids[position + 1] for position in destinations.dest]
        targets = tuple(_token_name(token, model) for token in ids)
        column = np.array(ids)[:, None]
        logits = LogitCombination(column, np.full(column.shape, unembedding.factor))
        return ResolvedDirection(targets, unembedding.columns(ids), unembedding.bias[ids], logits)


@dataclass(frozen=True)
class TokenLogit:
    """The logit of one token, or its difference to the logit of another (`minus`), at every destination."""

    plus: int
    minus: int | None = None

    def check(self, destinations: Destinations, d_vocab: int) -> None:
        """Does nothing: the ids were checked when the argument was read."""

    def resolve(self, destinations: Destinations, unembedding: Unembedding, model: object) -> ResolvedDirection:
        """One direction for all destinations."""
        ids = [self.plus] if self.minus is None else [self.plus, self.minus]
        signs = np.array([1.0, -1.0][: len(ids)])
        target = " − ".join(_token_name(token, model) for token in ids)
        vector, b_u = signs @ unembedding.columns(ids), signs @ unembedding.bias[ids]
        logits = LogitCombination(np.array([ids]), unembedding.factor * signs[None])
        return ResolvedDirection((target,) * len(destinations.dest), vector[None], np.array([b_u]), logits)


@dataclass(frozen=True)
class GivenVectors:
    """Directions that the user passed as numbers.

    Attributes:
        values: [d] for all destinations, or [row, d].
        over_vocabulary: whether d is d_vocab; else it is d_model, at the final norm's output.
    """

    values: FloatArray
    over_vocabulary: bool

    def check(self, destinations: Destinations, d_vocab: int) -> None:
        """Raises ValueError unless the number of rows shows which destination each belongs to."""
        self._rows(destinations)

    def resolve(self, destinations: Destinations, unembedding: Unembedding, model: object) -> ResolvedDirection:
        """The direction of each destination, or one for all."""
        rows = self._rows(destinations).astype(np.float64)
        n_dest = len(destinations.dest)
        if not self.over_vocabulary:
            return ResolvedDirection(("given residual direction",) * n_dest, rows, None)
        names = [_vocabulary_direction_name(row, model) for row in rows]
        targets = tuple(names if len(names) > 1 else names * n_dest)
        ids = np.flatnonzero(rows.any(0))
        few = len(ids) <= _MOST_COMPARED_LOGITS
        logits = LogitCombination(ids[None], unembedding.factor * rows[:, ids]) if few else None
        return ResolvedDirection(targets, unembedding.combine(rows), rows @ unembedding.bias, logits)

    def _rows(self, destinations: Destinations) -> FloatArray:
        """[1 or dest, d]. A matrix has a row for each shown destination, for each token, or for each position of the cache."""
        n, dest = len(self.values), list(destinations.dest)
        if self.values.ndim == 1:
            return self.values[None]
        if n in (1, len(dest)):
            return self.values
        if n == len(destinations.token_positions):
            return self.values[dest]
        if n == destinations.n_positions:
            return self.values[destinations.cache_positions]
        raise ValueError(
            f"resid_directions: a matrix needs a row for each of the {len(dest)} destinations shown or of the "
            f"{len(destinations.token_positions)} positions of sequence {destinations.sequence}, got {n} rows "
            f"(shape {list(self.values.shape)}); for one vector per sequence pass a list of vectors"
        )


Direction: TypeAlias = NextToken | TokenLogit | GivenVectors
"""What is attributed in one sequence."""


def check_id(token: int, name: str, d_vocab: int) -> None:
    """Raises ValueError for a token id that W_U has no column for."""
    if not 0 <= token < d_vocab:
        raise ValueError(
            f"{name}: token id {token} is out of range for a vocabulary of {d_vocab} (use 0..{d_vocab - 1})"
        )


def _vocabulary_direction_name(row: Float64, model: object) -> str:
    """The name of a direction over the vocabulary: its tokens, where it is one logit or the difference of two."""
    ids = sorted(np.flatnonzero(row), key=lambda token: -row[token])
    if list(row[ids]) in ([1.0], [1.0, -1.0]):
        return " − ".join(_token_name(int(token), model) for token in ids)
    return "given direction over the vocabulary"


def _token_name(token: int, model: object) -> str:
    text = token_ids.text(token, model)
    return text.strip() or repr(text)
