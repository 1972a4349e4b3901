"""What a figure of heads shows first."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Focus:
    """What is pinned when the figure opens. A reader releases it as anything else that is pinned.

    Attributes:
        sequence: the sequence that is drawn first.
        head: its index, or in an attribution that of a component: the parts follow the heads. None for the view's own choice.
        dest: index of the destination; None if none is chosen. With a source it chooses a cell, alone a token.
        src: index of the source, the same.
    """

    sequence: int
    head: int | None
    dest: int | None
    src: int | None
