"""The props that every figure has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from circuitsvis._wire.props.call import Call

DisplayMode = Literal["dark", "light", "auto"]


@dataclass(frozen=True, kw_only=True)
class FigureProps:
    """The base of every view's props.

    Attributes:
        title: heading as plain text, or None.
        help: paragraphs of plain text on how to read the figure; empty unless help=True.
        notes: plain sentences about the data that a reader of the page must know; empty where there are none.
        display_mode: "dark" or "light": a panel of that theme on any page. "auto": the theme of the page around the figure.
        call: the call in Python that made the figure; None where it is not known.
    """

    title: str | None = None
    help: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    display_mode: DisplayMode = "auto"
    call: Call | None = None

    def summary(self) -> str:
        """What the figure holds, for `repr(figure)`: e.g. "12 heads, 1 sequence". Empty by default."""
        return ""

    def inner(self) -> tuple[FigureProps, ...]:
        """The figures inside of this one. None by default."""
        return ()

    def lighter(self) -> tuple[str, ...]:
        """Ways to make a figure of this kind lighter, for notebooks that refuse it. Empty by default."""
        return ()
