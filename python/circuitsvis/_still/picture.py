"""A still picture, and the text that says what it shows."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass

MOST_WORDS = 60
"""Characters of the tokens that a text repeats."""


@dataclass(frozen=True)
class Still:
    """A picture as a PNG file.

    Attributes:
        png: the file.
        width, height: in pixels.
        alt: what it shows, as plain text.
    """

    png: bytes
    width: int
    height: int
    alt: str

    @property
    def base64(self) -> str:
        """The file as text."""
        return base64.b64encode(self.png).decode("ascii")

    def html(self) -> str:
        """An image that needs no script and keeps its shape where room is short. Sanitisers keep it."""
        return (
            f'<img alt="{html.escape(self.alt)}" width="{self.width}" height="{self.height}" '
            f'style="max-width:100%;height:auto" src="data:image/png;base64,{self.base64}">'
        )


def counted(number: int, noun: str) -> str:
    """For example "1 head", "12 heads"."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def beginning(tokens: Sequence[str]) -> str:
    """The first tokens as one text in quotes, without line breaks."""
    text = ""
    for token in tokens:
        if len(text) + len(token) > MOST_WORDS:
            return f"“{' '.join(text.split())} …”"
        text += token
    return f"“{' '.join(text.split())}”"
