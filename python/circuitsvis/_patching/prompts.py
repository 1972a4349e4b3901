"""The prompts of activation patching as token ids: pairs of a clean and a corrupted prompt with equally many tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis._cache.model_attributes import attribute
from circuitsvis._common import checks
from circuitsvis._input import token_ids

Ids = npt.NDArray[np.int64]
Texts = tuple[tuple[str, ...], ...]

_RULE = "must be a text, a list of texts, or token ids [position] or [pair, position]"


@dataclass(frozen=True)
class Pairs:
    """Pairs of prompts.

    Attributes:
        clean, corrupted: [pair, position] ids.
        clean_tokens, corrupted_tokens: their texts.
    """

    clean: Ids
    corrupted: Ids
    clean_tokens: Texts
    corrupted_tokens: Texts


def read(clean: object, corrupted: object, model: Any) -> Pairs:
    """The pairs, all with the same number of tokens, each with two prompts that differ.

    Args:
        clean, corrupted: as in `circuitsvis.heads.patching`.
        model: for its tokenizer.

    Raises:
        TypeError, ValueError: other types; prompts that are not pairs; lengths that differ.
    """
    first, second = _rows(clean, "clean", model), _rows(corrupted, "corrupted", model)
    if len(first) != len(second):
        raise ValueError(
            f"clean and corrupted: must have a prompt of each for every pair, got {len(first)} clean and {len(second)} corrupted"
        )
    for pair, (one, other) in enumerate(zip(first, second, strict=True)):
        where = f" of pair {pair}" if len(first) > 1 else ""
        if len(one) != len(other):
            raise ValueError(
                f"clean and corrupted: both prompts{where} must have the same number of tokens, because an activation replaces the one at "
                f"the same position of the other run; got {len(one)} and {len(other)}: {_text(one, model)} and {_text(other, model)}; "
                "exchange words for others of as many tokens, as model.to_str_tokens(prompt) shows them"
            )
        if one == other:
            raise ValueError(
                f"clean and corrupted: the prompts{where} are the same tokens, so that patching changes nothing; pass one that differs"
            )
    lengths = sorted({len(row) for row in first})
    if len(lengths) > 1:
        raise ValueError(
            f"clean: all prompts of one call must have the same number of tokens, because the columns of the grids are positions, got "
            f"{lengths[0]} to {lengths[-1]}; call heads.patching for the pairs of each length"
        )
    return Pairs(np.array(first, np.int64), np.array(second, np.int64), _texts(first, model), _texts(second, model))


def _rows(prompts: Any, name: str, model: Any) -> list[list[int]]:
    """The ids of each prompt."""
    if isinstance(prompts, str):
        prompts = [prompts]
    given = prompts.tolist() if hasattr(prompts, "tolist") else prompts
    if not isinstance(given, Sequence) or isinstance(given, bytes):
        raise TypeError(f"{name}: {_RULE}, got {type(prompts).__name__}")
    if len(given) == 0:
        raise ValueError(f"{name}: {_RULE}, got an empty list")
    if all(isinstance(prompt, str) for prompt in given):
        return [_tokenized(prompt, name, model) for prompt in given]
    rows = [row.tolist() if hasattr(row, "tolist") else row for row in given]
    nested = isinstance(rows[0], (list, tuple))
    found = [_ids(row, name, model) for row in (rows if nested else [rows])]
    if len(found) > 1:
        _refuse_padding(found, name, model)
    return found


def _tokenized(prompt: str, name: str, model: Any) -> list[int]:
    if attribute(model, "tokenizer") is None:
        raise ValueError(f"{name}: needs the model's tokenizer for a text, but it has none; pass token ids")
    ids: list[int] = model.to_tokens(prompt)[0].tolist()
    return _checked(ids, name, model)


def _ids(row: Any, name: str, model: Any) -> list[int]:
    if not isinstance(row, (list, tuple)):
        raise TypeError(f"{name}: {_RULE}, got {type(row).__name__} {row!r} among the prompts")
    return _checked([checks.integer(name, token) for token in row], name, model)


def _checked(ids: list[int], name: str, model: Any) -> list[int]:
    if not ids:
        raise ValueError(f"{name}: needs at least one token, got an empty prompt")
    d_vocab = attribute(attribute(model, "cfg"), "d_vocab")
    if isinstance(d_vocab, int):
        for token in ids:
            if not 0 <= token < d_vocab:
                raise ValueError(f"{name}: token id {token} is out of range for a vocabulary of {d_vocab}")
    return ids


def _refuse_padding(rows: Sequence[list[int]], name: str, model: Any) -> None:
    """Raises ValueError where some rows of a batch have padding, by the rule of TransformerLens: at the tokenizer's side."""
    tokenizer = attribute(model, "tokenizer")
    pad, bos = attribute(tokenizer, "pad_token_id"), attribute(tokenizer, "bos_token_id")
    if pad is None:
        return
    left = attribute(tokenizer, "padding_side") == "left"
    counts = []
    for row in rows:
        ordered = row if left else row[::-1]
        count = next((i for i, token in enumerate(ordered) if token != pad), len(row))
        counts.append(max(count - 1, 0) if left and pad == bos else count)
    if len(set(counts)) > 1:
        longest = max(range(len(rows)), key=counts.__getitem__)
        raise ValueError(
            f"{name}: all prompts of one call must have the same number of tokens, but prompt {longest} has {counts[longest]} tokens of "
            f"padding ({token_ids.text(pad, model)!r}); call heads.patching for the pairs of each length, without padding"
        )


def _texts(rows: Sequence[list[int]], model: Any) -> Texts:
    return tuple(tuple(token_ids.text(token, model) for token in row) for row in rows)


def _text(row: Sequence[int], model: Any) -> str:
    """The tokens of a prompt, for an error message."""
    tokens = "|".join(token_ids.text(token, model) for token in row)
    return repr(tokens if len(tokens) <= 160 else tokens[:159] + "…")
