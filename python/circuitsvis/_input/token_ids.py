"""Token ids from texts, the inverse of decoding, only if the text determines the id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from circuitsvis._input import token_text

_MARKS = ("", "▁", "Ġ", " ", "##")
"""Prefixes by which tokenizers mark the beginning or continuation of a word. Pieces that differ in them may decode to one text."""


def single(text: str, name: str, model: Any) -> int:
    """The id of a text that is one token.

    Args:
        text: e.g. " Mary", with a space if the tokenizer has it inside the token.
        name: the argument's name for error messages.
        model: the model, for its tokenizer.

    Raises:
        ValueError: no tokenizer, several tokens, or a text that is not in the vocabulary.
    """
    tokenizer = _tokenizer(text, name, model)
    ids = _encode(tokenizer, text)
    if len(ids) != 1:
        pieces = ", ".join(repr(token_text.of_id(tokenizer, i)) for i in ids) or "none"
        raise ValueError(
            f"{name}: must be one token, but {text!r} is {len(ids)} ({pieces}); pass one of them, or an id"
        )
    if ids[0] == tokenizer.unk_token_id and text.strip() != tokenizer.unk_token:
        raise ValueError(
            f"{name}: the tokenizer has no token {text!r} (it becomes {tokenizer.unk_token!r}); "
            "mind the space before a word, or pass an id"
        )
    return ids[0]


def of_sequence(tokens: Sequence[str], name: str, model: Any) -> tuple[int, ...]:
    """The ids of a sequence from the text of its tokens.

    The whole text is encoded. If that gives other tokens (some tokenizers drop spaces when they decode), each token is looked up
    alone. Without a tokenizer, numbers are taken as ids.

    Raises:
        ValueError: no tokenizer, or the text of a token does not determine its id.
    """
    if getattr(model, "tokenizer", None) is None:
        are_numbers = [text.isascii() and text.isdecimal() for text in tokens]
        if all(are_numbers):
            return tuple(map(int, tokens))
        raise ValueError(
            f"{name}: needs the model's tokenizer for the id of {tokens[are_numbers.index(False)]!r}, but it has none; pass the ids as "
            "text, [str(int(i)) for i in ids]"
        )
    tokenizer = model.tokenizer
    ids = _encode(tokenizer, "".join(tokens))
    if len(ids) == len(tokens) and all(
        text in token_text.spellings(tokenizer, i) for i, text in zip(ids, tokens, strict=True)
    ):
        return tuple(ids)
    id_of = {text: _only_id(text, name, tokenizer) for text in dict.fromkeys(tokens)}
    return tuple(id_of[text] for text in tokens)


def _only_id(text: str, name: str, tokenizer: Any) -> int:
    """The id that decodes to `text`, if there is exactly one."""
    pieces = [mark + text.lstrip(" ") for mark in _MARKS]
    ids = {i for i in tokenizer.convert_tokens_to_ids(pieces) if i is not None} | set(_encode(tokenizer, text)[:2])
    matching = sorted(i for i in ids if text in token_text.spellings(tokenizer, i))
    if len(matching) != 1:
        raise ValueError(
            f"{name}: {text!r} is the text of {len(matching)} tokens of the vocabulary, so it does not determine the id; "
            "pass the token ids as tokens=, e.g. model.to_tokens(prompt)"
        )
    return matching[0]


def text(token: int, model: Any) -> str:
    """The text of an id; "token 17" without a tokenizer, or if it has none (a vocabulary that is padded to a round length)."""
    tokenizer = getattr(model, "tokenizer", None)
    known = tokenizer is not None and token_text.has(tokenizer, token)
    return token_text.of_id(tokenizer, token) if known else f"token {token}"


def _tokenizer(text: str, name: str, model: Any) -> Any:
    tokenizer = getattr(model, "tokenizer", None)
    if tokenizer is None:
        raise ValueError(f"{name}: needs the model's tokenizer for the id of {text!r}, but it has none; pass ids")
    return tokenizer


def _encode(tokenizer: Any, text: str) -> list[int]:
    return [int(i) for i in tokenizer.encode(text, add_special_tokens=False)]
