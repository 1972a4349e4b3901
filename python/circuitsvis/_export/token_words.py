"""Tokens as the page shows them, and about how wide texts are. The twin of `frontend/src/text/tokenText.ts`, for labels in one color."""

from __future__ import annotations

import re
import unicodedata

_MARKS = {
    " ": "·",
    "\n": "↵",
    "\r": "␍",
    "\t": "⇥",
    "\u00a0": "⍽",
    "Ġ": "·",
    "Ċ": "↵",
    "ĉ": "⇥",
    "▁": "·",
}
_INVISIBLE = set("\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2800\u3164\ufeff\uffa0") | {
    chr(code) for code in (*range(0x2028, 0x202F), *range(0x2060, 0x2070))
}
_BLANK = re.compile("^[\\s\u200c\u200d\ufe00-\ufe0f\U000e0000-\U000e0fff]*$")
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that an XML document cannot hold."""

_NARROW = set("iIjlft.,:;'|![](){}·-/\\ `\"r")
_WIDE = set("mwMW@%…—")


def shown(token: str) -> str:
    """A token as one line of text: spaces, line ends, empty texts and invisible characters are visible."""
    return "".join(_character(token, i) for i in range(len(token))) or "∅"


def _character(token: str, index: int) -> str:
    character = token[index]
    if character == " " and token[:index].strip() and token[index + 1 :].strip():
        return " "  # between letters it is visible
    if character in _MARKS:
        return _MARKS[character]
    hidden = character in _INVISIBLE or unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn")
    if not hidden and not _BLANK.match(token):
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04X}"


def legal(text: str) -> str:
    """A text for XML, with U+FFFD for what it cannot hold."""
    return _ILLEGAL.sub("\ufffd", text)


def width(text: str, size: float) -> float:
    """About how wide a text is in a sans-serif font, in pixels."""
    return size * sum(map(_ems, text))


def fitted(text: str, size: float, room: float) -> str:
    """The text, or as much of its start as fits before an ellipsis."""
    if width(text, size) <= room:
        return text
    end = len(text)
    while end and width(text[:end], size) + size > room:
        end -= 1
    return text[:end] + "…"


def _ems(character: str) -> float:
    if unicodedata.combining(character):
        return 0.0
    if character in _NARROW:
        return 0.36
    if character in _WIDE or unicodedata.east_asian_width(character) in ("W", "F"):
        return 1.0
    return 0.7 if character.isupper() else 0.6
