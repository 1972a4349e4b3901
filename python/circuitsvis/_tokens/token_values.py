"""Tokens and values as users pass them, matched: one text or several, one value per token or several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from circuitsvis._common.arrays import ArrayLike, Float64, to_float64
from circuitsvis._input import token_lists

_MULTI = "cv.tokens.colored_tokens_multi(tokens, values)"
_SINGLE = "cv.tokens.colored_tokens(tokens, values)"


@dataclass(frozen=True)
class TokenValues:
    """A text and the values of its tokens.

    Attributes:
        tokens: at least one.
        values: [token, kind], finite or NaN.
    """

    tokens: tuple[str, ...]
    values: Float64


def matched(tokens: Any, values: ArrayLike, *, several: bool) -> list[TokenValues]:
    """The texts with their values.

    Args:
        tokens: list of strings, or a list of these.
        values: [token] or, with `several`, [token, kind]; a list of these (or an array with one more axis) for several texts. An
            additional first axis of length 1 is dropped.
        several: whether each token has several values.

    Raises:
        TypeError: tokens that are no strings, values that are no numbers.
        ValueError: shapes that do not fit, infinite values.
    """
    texts, nested = token_lists.per_sequence(tokens, "tokens")
    parts = _per_text(values, len(texts), nested, 2 if several else 1)
    result = [
        TokenValues(text, _checked(part, name, text, several)) for text, (part, name) in zip(texts, parts, strict=True)
    ]
    counts = [sample.values.shape[1] for sample in result]
    if len(set(counts)) > 1:
        other = next(i for i, count in enumerate(counts) if count != counts[0])
        raise ValueError(
            f"values: needs the same number of values per token in every text, got {counts[0]} in text 0 and {counts[other]} in text "
            f"{other}; put NaN where there is no value"
        )
    return result


def _per_text(values: Any, n_texts: int, nested: bool, n_axes: int) -> list[tuple[Float64, str]]:
    """The values of each text, with their name for error messages."""
    depth = _depth(values)
    if not nested or (n_texts == 1 and depth == n_axes):
        array = to_float64(values, "values")
        return [(array[0] if array.ndim == n_axes + 1 and len(array) == 1 else array, "values")]
    n_parts = len(values) if depth > 0 else 0
    if n_parts != n_texts or depth <= n_axes:
        raise ValueError(
            f"values: needs one array per text, as tokens= has {n_texts} lists, got {_described(values, depth)}"
        )
    return [(to_float64(values[i], f"values[{i}]"), f"values[{i}]") for i in range(n_texts)]


def _depth(values: Any) -> int:
    """Number of axes of an array, or of a list of numbers, lists or arrays."""
    shape = getattr(values, "shape", None)
    if shape is not None:
        return len(shape)
    if not isinstance(values, (list, tuple)):
        return 0
    return 1 + (_depth(values[0]) if values else 0)


def _described(values: Any, depth: int) -> str:
    shape = getattr(values, "shape", None)
    if shape is not None:
        return f"an array of shape {tuple(shape)}"
    return f"{len(values)} {'numbers' if depth == 1 else 'arrays'}" if depth > 0 else type(values).__name__


def _checked(array: Float64, name: str, tokens: Sequence[str], several: bool) -> Float64:
    """[token, kind] of one text."""
    n = len(tokens)
    axes = "[token, kind]" if several else "[token]"
    if array.ndim != (2 if several else 1):
        raise ValueError(f"{name}: must be {axes} for a text, got shape {array.shape}{_other_call(array.shape, n)}")
    if array.shape[0] != n:
        raise ValueError(
            f"{name}: must be {axes}, one per token, got shape {array.shape} for {n} tokens{_fix(array, n)}"
        )
    if array.size == 0:
        raise ValueError(f"{name}: needs at least one value per token, got shape {array.shape}")
    infinite = np.argwhere(np.isinf(array))
    if len(infinite) > 0:
        token = int(infinite[0][0])
        raise ValueError(
            f"{name}: must be finite or NaN, got {array[tuple(infinite[0])]} at token {token} {tokens[token]!r}; put NaN where there "
            "is no value"
        )
    return array if several else array[:, None]


def _other_call(shape: tuple[int, ...], n: int) -> str:
    if len(shape) == 2 and shape[0] == n:
        return f"; for several values per token use {_MULTI}"
    if len(shape) == 1 and shape[0] == n:
        return f"; for one value per token use {_SINGLE}"
    return "; for several texts pass lists of tokens and a list of arrays"


def _fix(array: Float64, n: int) -> str:
    if array.ndim == 2 and array.shape[1] == n:
        return "; swap the axes, values.T"
    if abs(len(array) - n) == 1:
        longer = "tokens" if n > len(array) else "values"
        return f"; {longer} may have one more for the start of the text: leave it out, or put NaN there"
    return ""
