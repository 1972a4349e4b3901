"""The tokens argument, in each of its forms, as one tuple of strings per sequence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input import token_text

_RULE = "must be a list of strings (one sequence) or a list of lists of strings (a batch)"
_NUMBERS, _NUMBERS_OF_A_BATCH = "[str(int(i)) for i in ids]", "[[str(int(i)) for i in row] for row in ids]"


def per_sequence(tokens: ArrayLike | None, name: str, model: Any = None) -> tuple[list[tuple[str, ...]], bool]:
    """The text of the tokens of each sequence, and whether the argument has a batch dimension.

    Args:
        tokens: list of strings (texts, or pieces of a vocabulary such as "Ġthe"), list of lists of strings, or token ids in
            either form (list, array or tensor).
        name: name of the argument, for error messages.
        model: the model, whose tokenizer decodes ids. Without it ids are refused.

    Raises:
        TypeError: another type.
        ValueError: no tokens.
    """
    if isinstance(tokens, (str, bytes)):
        raise TypeError(f"{name}: {_RULE}, got the text {tokens!r}; split it with model.to_str_tokens(...)")
    if tokens is not None and hasattr(tokens, "tolist"):
        tokens = tokens.tolist()
    if not isinstance(tokens, Sequence):
        raise TypeError(f"{name}: {_RULE}, got {type(tokens).__name__}")
    if len(tokens) == 0:
        raise ValueError(f"{name}: {_RULE}, got an empty list")
    rows, nested = _rows(tokens)
    texts = [_strings(row, f"{name}[{i}]" if nested else name, model) for i, row in enumerate(rows)]
    return token_text.of_pieces(texts), nested


def ids_per_sequence(tokens: ArrayLike | None) -> tuple[list[tuple[int, ...] | None], bool]:
    """The ids of each sequence, None if its tokens are strings; and whether the argument has a batch dimension.

    `tokens` must be of a form that `per_sequence` accepts.
    """
    rows, nested = _rows(tokens)
    lists = [row.tolist() if hasattr(row, "tolist") else row for row in rows]
    return [None if isinstance(row[0], str) else tuple(int(token) for token in row) for row in lists], nested


def _rows(tokens: object) -> tuple[list[Any], bool]:
    """The tokens of each sequence as passed, and whether there is a batch dimension. `per_sequence` has checked the type."""
    rows: Any = tokens.tolist() if hasattr(tokens, "tolist") else tokens
    nested = not isinstance(rows[0], (str, int)) and not _is_scalar(rows[0])
    return list(rows) if nested else [rows], nested


def _strings(row: ArrayLike, name: str, model: Any) -> tuple[str, ...]:
    row = row.tolist() if hasattr(row, "tolist") else row
    if isinstance(row, (str, bytes)) or not isinstance(row, Sequence):
        raise TypeError(f"{name}: {_RULE}, got {type(row).__name__} {row!r}")
    if len(row) == 0:
        raise ValueError(f"{name}: needs at least one token, got an empty list")
    if all(isinstance(token, str) for token in row):
        return tuple(row)
    ids = [token.item() if _is_scalar(token) else token for token in row]
    if not all(type(token) is int for token in ids):
        kinds = " and ".join(sorted({type(token).__name__ for token in ids}))
        raise TypeError(f"{name}: {_RULE}, got {kinds} among the tokens")
    return _decode(ids, name, model)


def _decode(ids: list[int], name: str, model: Any) -> tuple[str, ...]:
    tokenizer = getattr(model, "tokenizer", None)
    if tokenizer is None:
        raise TypeError(
            f"{name}: got token ids, but no model with a tokenizer to decode them; pass strings: the texts that their tokenizer "
            f"gives, or the numbers, {_NUMBERS_OF_A_BATCH if name.endswith(']') else _NUMBERS}"
        )
    return tuple(token_text.of_id(tokenizer, token) for token in ids)


def _is_scalar(token: object) -> bool:
    return hasattr(token, "item") and getattr(token, "ndim", None) == 0
