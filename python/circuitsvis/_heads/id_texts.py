"""Token ids of a model without a tokenizer, as texts: scores compare tokens and need not know how they are written."""

from __future__ import annotations

from typing import Any

from circuitsvis._common.arrays import ArrayLike


def without_tokenizer(tokens: ArrayLike, model: object) -> ArrayLike:
    """Ids as texts of numbers where the model has no tokenizer to decode them; anything else as it is."""
    if getattr(model, "tokenizer", None) is not None:
        return tokens
    values: Any = _plain(tokens)
    rows: list[Any] = [_plain(row) for row in values] if isinstance(values, list) else []
    if rows and all(type(row) is int for row in rows):
        return [str(row) for row in rows]
    if rows and all(isinstance(row, list) and all(type(token) is int for token in row) for row in rows):
        return [[str(token) for token in row] for row in rows]
    return tokens


def _plain(values: Any) -> Any:
    """A list where the value is an array, a tensor, a list or a tuple."""
    values = values.tolist() if hasattr(values, "tolist") else values
    return list(values) if isinstance(values, tuple) else values
