"""The argument `resid_directions`: any of its forms, checked, as one `Direction` per sequence."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from circuitsvis._attribution.directions import Direction, GivenVectors, TokenLogit, check_id
from circuitsvis._cache.unembedding import Unembedding
from circuitsvis._common.arrays import to_float32
from circuitsvis._input import token_ids

_Value: TypeAlias = Any
"""What a user passed: any of the forms, or an array of a library that is not imported. Its attributes are looked up before use."""

_NAME = "resid_directions"
_RULE = (
    'must be None (the next token), a token (" Mary" or its id), a tuple of two tokens for the difference of their logits, '
    "a vector or a [position, ...] matrix of length d_model or d_vocab, or a list with one of these for each sequence"
)


def read(
    value: object, unembedding: Unembedding, sequences: Sequence[int], batch_size: int, model: object
) -> list[Direction]:
    """The direction of each selected sequence.

    An array of length d_model is a direction at the final norm's output, even if d_vocab is the same number.

    Args:
        value: any `resid_directions` but None.
        unembedding: the model's unembedding.
        sequences: indices of the selected sequences in the batch.
        batch_size: number of sequences in the cache.
        model: the model, for its tokenizer.

    Raises:
        TypeError, ValueError: a form that `from_cache` does not document, a wrong length, a value that is not finite, or a
            text that is not a single token.
    """
    reader = _Reader(unembedding.d_model, unembedding.d_vocab, model)
    value = reader.without_arrays_of_ids(value)
    shared = reader.direction(value)
    if shared is not None:
        return [shared] * len(sequences)
    value = _pairs_of_sequences(value, batch_size)
    if not isinstance(value, (list, tuple)) or len(value) == 0:
        raise TypeError(f"{_NAME}: {_RULE}; got {type(value).__name__} {_short(value)}")
    if len(value) != batch_size and not len(value) == len(sequences) == 1:
        is_pair = len(value) == 2 and all(map(_is_token, value))
        raise ValueError(
            f"{_NAME}: a list holds one direction for each sequence, and the cache has {batch_size}, got {len(value)}; "
            + (
                f"for the difference of two logits pass a tuple, {tuple(value)!r}"
                if is_pair
                else "for one direction per position stack the vectors to a [position, ...] matrix"
            )
        )
    selected = value if len(value) == 1 else [value[index] for index in sequences]
    return [reader.list_entry(entry) for entry in selected]


def are_residual(value: object, d_model: int) -> bool:
    """Whether all directions are vectors of length d_model, which need no unembedding."""
    value = _single_numbers(value)
    shape = getattr(value, "shape", None)
    if shape is not None:
        return len(shape) > 0 and int(shape[-1]) == d_model
    if not isinstance(value, (list, tuple)) or not value or _is_token(value[0]):
        return False
    return _is_numeric(value, (d_model, d_model)) or all(are_residual(item, d_model) for item in value)


@dataclass(frozen=True)
class _Reader:
    """Reads directions for one model."""

    d_model: int
    d_vocab: int
    model: object

    def without_arrays_of_ids(self, value: _Value) -> _Value:
        """Arrays of token ids as lists, a 3-D array as a list of matrices, anything else unchanged."""
        value = _single_numbers(value)
        shape = getattr(value, "shape", None)
        if shape is None:
            return value
        if _has_integers(value) and shape[-1] not in (self.d_model, self.d_vocab):
            return value.tolist()
        return list(value) if len(shape) == 3 else value

    def direction(self, value: _Value) -> Direction | None:
        """A single direction, for every sequence; None for a list of directions."""
        if _is_token(value):
            return TokenLogit(self._id(value))
        if isinstance(value, tuple) and len(value) == 2 and all(map(_is_token, value)):
            return TokenLogit(self._id(value[0]), self._id(value[1]))
        if hasattr(value, "shape") or _is_numeric(value, (self.d_model, self.d_vocab)):
            return self._vectors(value)
        return None

    def list_entry(self, value: _Value) -> Direction:
        """The direction of one entry of a list of directions. In it a list of two tokens is a pair, as a tuple is."""
        value = self.without_arrays_of_ids(value)
        if isinstance(value, list) and len(value) == 2 and all(map(_is_token, value)):
            value = tuple(value)
        direction = self.direction(value)
        if direction is None:
            raise TypeError(f"{_NAME}: {_RULE}; got a list with {type(value).__name__} {_short(value)} in it")
        return direction

    def _id(self, token: str | int) -> int:
        if isinstance(token, str):
            return token_ids.single(token, _NAME, self.model)
        check_id(int(token), _NAME, self.d_vocab)
        return int(token)

    def _vectors(self, value: _Value) -> GivenVectors:
        values = to_float32(value, _NAME)
        if values.ndim not in (1, 2) or values.shape[-1] not in (self.d_model, self.d_vocab):
            raise ValueError(
                f"{_NAME}: the last axis of a vector or matrix must be d_model = {self.d_model} or d_vocab = {self.d_vocab} "
                f"(the columns of W_U), got shape {list(values.shape)}"
            )
        if not np.isfinite(values).all():
            raise ValueError(f"{_NAME}: must be finite, got NaN or infinity in it")
        return GivenVectors(values, over_vocabulary=values.shape[-1] != self.d_model)


def _single_numbers(value: _Value) -> _Value:
    """Arrays of one number as that number, also inside a list or tuple; everything else unchanged.

    A float array is a number only if it has no axis. One of shape [1] stays a vector, so that the error names its length.
    """
    if isinstance(value, (list, tuple)):
        items = [_single_numbers(item) if hasattr(item, "shape") else item for item in value]
        return tuple(items) if isinstance(value, tuple) else items
    shape = getattr(value, "shape", None)
    if shape is None or not hasattr(value, "item"):
        return value
    return value.item() if len(shape) == 0 or (math.prod(shape) == 1 and _has_integers(value)) else value


def _has_integers(value: _Value) -> bool:
    return "int" in str(getattr(value, "dtype", ""))


def _pairs_of_sequences(value: _Value, batch_size: int) -> _Value:
    """A tuple of two arrays with an id for each sequence, as a list with a pair for each sequence; anything else unchanged.

    Raises:
        ValueError: the batch has two sequences, so that two arrays of two ids may also be a pair for each sequence.
    """
    is_pair_of_arrays = isinstance(value, tuple) and len(value) == 2 and all(map(_has_integers, value))
    if not is_pair_of_arrays or any(tuple(array.shape) != (batch_size,) for array in value):
        return value
    if batch_size == 2:
        raise ValueError(
            f"{_NAME}: two arrays of two ids may be the first and the second token of each sequence, or a pair for each "
            "sequence; write the pairs as a list, [(a, b), (c, d)], where a, b are the tokens of the first sequence"
        )
    return list(zip(*(array.tolist() for array in value), strict=True))


def _is_token(value: object) -> bool:
    return isinstance(value, (str, int, np.integer)) and not isinstance(value, bool)


def _is_numeric(value: object, lengths: tuple[int, int]) -> bool:
    """Whether nested lists hold the numbers of a vector or matrix, as opposed to tokens or several directions."""
    if not isinstance(value, (list, tuple)) or not value:
        return False
    if all(isinstance(item, (int, float)) for item in value):
        return any(isinstance(item, float) for item in value) or len(value) in lengths
    return all(isinstance(row, (list, tuple)) and _is_numeric(row, lengths) for row in value)


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
