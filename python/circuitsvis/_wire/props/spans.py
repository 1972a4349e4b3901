"""Named runs of tokens, such as the two sentences of a prompt or the patches of an image."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Span:
    """Consecutive tokens of a sequence under one name.

    Attributes:
        name: plain text.
        start: index of the first token among those that are shown.
        end: index behind the last one.
    """

    name: str
    start: int
    end: int
