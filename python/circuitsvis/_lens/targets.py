"""The target token of each position of a logit lens: the next token of the text, or what the user passes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from circuitsvis._alignment.stream_batch import Aligned
from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input import token_ids
from circuitsvis._lens.summary import Int64

Targets: TypeAlias = "int | str | Sequence[Any] | ArrayLike | None"

NONE = -1
"""The id of a position without a target."""

_RULE = "must be a token (text or id), a list with one for each token of the sequence (None where there is none), or a list of such lists"


def read(
    targets: Targets, sequences: Sequence[int], batch_size: int, aligned: Aligned, d_vocab: int, model: Any
) -> list[Int64]:
    """The ids of the targets of each chosen sequence, [token], `NONE` where there is none.

    Args:
        targets: None: the next token. A token: the same at all positions. A list of tokens or None for each position, if one sequence is
            chosen; a list of these, or of tokens, for each chosen sequence or for each of the batch.
        sequences: indices of the chosen sequences.
        batch_size: number of sequences in the batch.
        aligned: their tokens.
        d_vocab: length of the vocabulary of the unembedding.
        model: for its tokenizer.

    Raises:
        TypeError, ValueError: wrong types or lengths; text that is not one token; ids that the unembedding lacks.
    """
    lengths = [len(axis.dest_tokens) for axis in aligned.axes]
    if targets is None:
        return [_next(i, aligned, number, d_vocab, model) for number, i in enumerate(sequences)]
    given: Any = targets.tolist() if hasattr(targets, "tolist") else targets
    if isinstance(given, (str, int)):
        return [np.full(n, _id(given, "targets", d_vocab, model), np.int64) for n in lengths]
    if isinstance(given, (bytes, dict)) or not isinstance(given, Sequence):
        raise TypeError(f"targets: {_RULE}, got {type(targets).__name__} {targets!r}")
    rows = [row.tolist() if hasattr(row, "tolist") else row for row in given]
    nested = any(isinstance(row, Sequence) and not isinstance(row, str) for row in rows)
    if not nested:
        if len(sequences) > 1:
            raise ValueError(
                f"targets: {len(sequences)} sequences are shown, got one list; give a list for each sequence, or choose one by batch_idx="
            )
        rows = [rows]
    elif len(rows) not in (len(sequences), batch_size):
        raise ValueError(f"targets: {len(sequences)} sequences are shown, got {len(rows)} lists; give one for each")
    elif len(rows) != len(sequences):
        rows = [rows[i] for i in sequences]
    return [
        _of_sequence(row, n, f"targets of sequence {i}", d_vocab, model)
        for row, n, i in zip(rows, lengths, sequences, strict=True)
    ]


def _next(sequence: int, aligned: Aligned, number: int, d_vocab: int, model: Any) -> Int64:
    """The next token at each position but the last."""
    advice = "; or pass targets=, a token id for each position and None where there is none"
    ids = aligned.ids[number]
    if ids is None:
        try:
            ids = token_ids.of_sequence(aligned.axes[number].dest_tokens, f"tokens: sequence {sequence}", model)
        except ValueError as error:
            raise ValueError(f"{error}{advice}") from error
    for position, token in enumerate(ids[1:]):
        if not 0 <= token < d_vocab:
            raise ValueError(
                f"tokens: sequence {sequence}: the token after position {position} has the id {token}, and the unembedding has {d_vocab} "
                f"tokens (0..{d_vocab - 1}){advice}"
            )
    return np.array([*ids[1:], NONE], np.int64)


def _of_sequence(row: Any, length: int, name: str, d_vocab: int, model: Any) -> Int64:
    if not isinstance(row, Sequence) or isinstance(row, (str, bytes)):
        raise TypeError(f"{name}: {_RULE}, got {type(row).__name__} {row!r} among lists")
    if len(row) != length:
        raise ValueError(
            f"{name}: must have an entry for each of the {length} tokens (without padding), got {len(row)}; None is no target"
        )
    return np.array([NONE if item is None else _id(item, name, d_vocab, model) for item in row], np.int64)


def _id(item: object, name: str, d_vocab: int, model: Any) -> int:
    token = token_ids.single(item, name, model) if isinstance(item, str) else checks.integer(name, item)
    if not 0 <= token < d_vocab:
        raise ValueError(
            f"{name}: id {token} is out of range, the unembedding has {d_vocab} tokens (0..{d_vocab - 1}); None is no target"
        )
    return token
