"""The text of tokens: of ids, and of vocabulary pieces such as "Ġthe", "âĢľ", "▁the" and "<0x0A>"."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

_SPECIAL = re.compile(r"<.*>|\[.*\]", re.DOTALL)
"""Control tokens such as <|endoftext|> and [CLS]: they are shown unchanged, and the text before them ends there."""

_BYTE = re.compile("<0x([0-9A-F]{2})>")
"""A byte for which SentencePiece has no other piece."""

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""Control characters, which texts do not contain. Pieces that decode to them are texts in Latin letters, not byte-level pieces."""

_LAST_OF_TWO_BYTES = "\u07ff"
"""Last character of two bytes in UTF-8. Two Latin letters of a text may happen to be such bytes, but
three are unlikely to be a longer character."""

_SPACES = re.compile(" {2,}")
"""Several spaces as one added token, written as they are among the byte-level pieces of GPT-NeoX, Pythia and Phi."""

_WORD = "▁"
"""A space in SentencePiece."""


def _byte_alphabet() -> dict[str, int]:
    """The byte of each character of GPT-2's byte-level BPE: visible bytes are written as themselves, others from U+0100 on."""
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(0x100) if byte not in visible]
    return {chr(byte): byte for byte in visible} | {chr(0x100 + i): byte for i, byte in enumerate(others)}


_ALPHABET = _byte_alphabet()


def decode(tokenizer: Any, token: int) -> str:
    """The tokenizer's text of one id, without the clean-up that changes spaces (" n't" to "n't")."""
    if hasattr(tokenizer, "clean_up_tokenization_spaces"):
        return str(tokenizer.decode([token], clean_up_tokenization_spaces=False))
    return str(tokenizer.decode([token]))


def of_id(tokenizer: Any, token: int) -> str:
    r"""The text of one id; the bytes, e.g. "\xe2\x80", of a token that is an incomplete character and would decode to U+FFFD."""
    text = decode(tokenizer, token)
    piece = _piece(tokenizer, token) if "\ufffd" in text else None
    if piece is None:
        return text
    data = _bytes(piece)
    return _readable(data) if data is not None else piece


def has(tokenizer: Any, token: int) -> bool:
    """Whether an id is one of the tokenizer's, as far as it states that."""
    convert = getattr(tokenizer, "convert_ids_to_tokens", None)
    try:
        return convert is None or convert(token) is not None
    except (IndexError, KeyError, OverflowError):
        return False


def spellings(tokenizer: Any, token: int) -> set[str]:
    """The texts by which a user may name a token: decoded, as bytes, and with the space that some decoders drop."""
    piece = _piece(tokenizer, token) or ""
    spaced = {piece.replace(_WORD, " ")} if piece.startswith(_WORD) else set()
    return {decode(tokenizer, token), of_id(tokenizer, token)} | spaced


def of_pieces(rows: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The tokens of each sequence, with vocabulary pieces decoded. Other texts are returned unchanged.

    Tokens are byte-level pieces if all of them are in the byte alphabet, their bytes are valid UTF-8 when joined, and somewhere
    in the batch a token begins with Ġ (a space) or Ċ (a line end), or bytes make up a character of several bytes. They are
    SentencePiece pieces if none has a space and one begins with ▁. An incomplete character becomes its bytes.
    """
    if all(token.isascii() and "<0x" not in token for row in rows for token in row):
        return list(rows)
    possible = [_may_be_byte_level(row) for row in rows]
    if any(may_be and _shows_bytes(row) for may_be, row in zip(possible, rows, strict=True)):
        return [
            tuple(map(_from_byte_level, row)) if may_be else row for may_be, row in zip(possible, rows, strict=True)
        ]
    return [_from_sentencepiece(row) for row in rows]


def _may_be_byte_level(row: Sequence[str]) -> bool:
    """Whether the bytes of the tokens are UTF-8, except for characters that may be cut at the ends of the sequence."""
    segment = b""
    for token in (*row, "<end>"):
        if _SPECIAL.fullmatch(token):
            if not _is_part_of_text(segment):
                return False
            segment = b""
            continue
        data = _bytes(token)
        if data is None:
            return False
        segment += data
    return True


def _is_part_of_text(data: bytes) -> bool:
    start = next((i for i, byte in enumerate(data[:4]) if byte & 0xC0 != 0x80), len(data))
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(data[start:])  # ignores an incomplete end
    except UnicodeDecodeError:
        return False
    return not _CONTROL.search(text)


def _shows_bytes(row: Sequence[str]) -> bool:
    """Whether tokens that may be byte-level pieces surely are: by a space, a line end, or characters of several bytes."""
    if any(token.startswith(("Ġ", "Ċ")) for token in row):
        return True
    text = b"".join(_bytes(token) or b" " for token in row).decode("utf-8", "ignore")
    long = [character for character in text if not character.isascii() and unicodedata.category(character) != "Cn"]
    return len(long) > 1 or any(character > _LAST_OF_TWO_BYTES for character in long)


def _from_byte_level(token: str) -> str:
    data = _bytes(token)
    return token if data is None else _readable(data)


def _from_sentencepiece(row: tuple[str, ...]) -> tuple[str, ...]:
    texts = [token for token in row if not _SPECIAL.fullmatch(token)]
    spaced = not any(" " in token for token in texts) and any(token.startswith(_WORD) for token in texts)
    return tuple(_from_piece(token, spaced) for token in row)


def _from_piece(token: str, spaced: bool) -> str:
    byte = _BYTE.fullmatch(token)
    if byte:
        character = chr(int(byte[1], 16))
        return character if character.isascii() and not _CONTROL.search(character) else token
    return token.replace(_WORD, " ") if spaced and not _SPECIAL.fullmatch(token) else token


def _bytes(piece: str) -> bytes | None:
    """The bytes that a byte-level piece stands for; None if it is not one."""
    if _SPACES.fullmatch(piece):
        return piece.encode()
    codes = [_ALPHABET.get(character) for character in piece]
    return None if None in codes else bytes(code for code in codes if code is not None)


def _readable(data: bytes) -> str:
    return data.decode("utf-8", "backslashreplace")


def _piece(tokenizer: Any, token: int) -> str | None:
    """The vocabulary piece of an id; None if the tokenizer does not state it."""
    convert = getattr(tokenizer, "convert_ids_to_tokens", None)
    piece = convert(token) if convert is not None else None
    return piece if isinstance(piece, str) else None
