"""The smallest example of a figure."""

from __future__ import annotations

from dataclasses import dataclass

from circuitsvis._wire.props.figure import FigureProps


@dataclass(frozen=True)
class HelloProps(FigureProps):
    """A greeting.

    Attributes:
        name: whom the figure greets, as plain text.
    """

    name: str
