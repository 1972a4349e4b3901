"""Text that breaks a page where it is not escaped, isolated and clipped; and what a page shows for it, computed anew in Python."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import strategies as st

FRAGMENTS = [
    "</script>", "<!--", "-->", "--!>", "]]>", "<script>hit()</script>", "<img src=x onerror=hit()>", "<svg onload=hit()>", "<b>x</b>",
    "<style>*{display:none}</style>", "<plaintext>", "<textarea>", "</div></section>", "<!--<script>", "{@html hit()}", "${hit()}", "`",
    "javascript:hit()", '"', "'", '" onfocus=hit() x="', "\\", "\\u003c", "\\n", "&amp;", "&lt;", "&#0;", "&", "%3Cscript%3E", "__proto__",
    "constructor", "[TOKENS_1]", "\u202e", "\u202d", "\u2066", "\u2067", "\u2069", "\u200e", "\u200f", "\u061c", "\u200b", "\u2060",
    "\ufeff", "\u00ad", "\u034f", "\u180e", "\u3164", "\u115f", "\u2800", "\u200c", "\u200d", "\ufe0f", "\ud83d", "\ude00", "\udcc3",
    "\x00", "\x01", "\x07", "\x08", "\x0b", "\x0c", "\x1b[31m", "\x7f", "\x85", "\u2028", "\u2029", "\n", "\r", "\r\n", "\t", " ", "\u00a0",
    "\u2003", "\u3000", "😀", "👩\u200d👩\u200d👧", "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "👍🏽", "🇩🇪",
    "❤\ufe0f",
    "שלום", "مرحبا", "ﷺ", "e\u0301", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A", "한글", "漢字", "ไทย", "नमस्ते", "\ue000", "\U0010ffff", "\ufffe", "\ufffd", "Ġthe",
    "▁the", "Ċ", "W" * 40,
]  # fmt: skip
"""Pieces of hostile texts."""

WORST = [
    "",
    " ",
    "\n",
    "\u200d",
    "\ufe0f",
    "\u3164",
    "\u2800",
    "\u2003",
    "\u3000",
    "\u034f",
    "W" * 1000,
    "<b>" * 300,
    "\u202e" + "x" * 1000,
]
"""Texts that are invisible, or very long."""


LIKE_BYTES = re.compile("[\u00a1-\u0143]{2}")
"""Characters that byte-level BPE writes for the bytes of a character, which is then shown in their place."""


def texts() -> st.SearchStrategy[str]:
    """Hostile texts: pieces put together, or any characters at all."""
    # Inside of a piece of SentencePiece, "▁" is a space where tokens are decoded, and stays in names.
    pieces = (
        st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=5)
        .map("".join)
        .filter(lambda text: "▁" not in text[1:])
    )
    any_characters = st.text(st.characters(codec=None, exclude_categories=["Cn"]), min_size=1, max_size=12)
    return st.one_of(pieces, any_characters.filter(lambda text: not LIKE_BYTES.search(text)))


MARKS = {
    " ": "·", "\n": "↵", "\r": "␍", "\t": "⇥", "\u00a0": "⍽", "Ġ": "·", "Ċ": "↵", "ĉ": "⇥", "▁": "·",
}  # fmt: skip


def is_shown_as_code(character: str) -> bool:
    """Whether a character has no glyph of its own, and no effect on its neighbours that a text needs."""
    code = ord(character)
    return unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") or any(
        first <= code <= last
        for first, last in [
            (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180E, 0x180E), (0x200B, 0x200B),
            (0x200E, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
        ]
    )  # fmt: skip


def code_of(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04X}"


SPACES = "\t\n\v\f\r \u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""Spaces of JavaScript. Python's are others."""


def is_blank(text: str) -> bool:
    """Whether a text draws nothing: spaces, joiners, selectors and tags alone."""
    return all(
        c in SPACES or c in "\u200c\u200d" or 0xFE00 <= ord(c) <= 0xFE0F or 0xE0000 <= ord(c) <= 0xE0FFF for c in text
    )


def is_invisible(text: str) -> bool:
    """Whether nothing of a text would be seen."""
    return all(is_blank(character) or is_shown_as_code(character) for character in joined(text))


def shown(token: str) -> str:
    """A token or name as the page shows it: nothing in it is invisible."""
    token = joined(token)
    if token == "":
        return "∅"
    result = ""
    for i, character in enumerate(token):
        inside = token[:i].strip(SPACES) != "" and token[i + 1 :].strip(SPACES) != ""
        if character == " " and inside:
            result += character
        elif character in MARKS:
            result += MARKS[character]
        elif is_shown_as_code(character) or is_blank(token):
            result += code_of(character)
        else:
            result += character
    return result


def joined(text: str) -> str:
    """The text as JavaScript sees it: two halves of a surrogate pair that come together are one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def comparable(text: str) -> str:
    """A text without what HTML does not keep, or what JSON does not send: runs of spaces, halves of surrogate pairs."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return re.sub(r"\s+", " ", whole).strip()
