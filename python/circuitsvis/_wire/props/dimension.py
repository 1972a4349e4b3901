"""Axes of values that a selector chooses from, and the color range of what is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColorRange = Literal["all", "shown"]
"""Which values the color scale spans: all of the figure, or those of what the selectors show."""


@dataclass(frozen=True)
class Dimension:
    """An axis such as layers or neurons, of which one index is shown at a time.

    Attributes:
        name: what its selector is called, such as "Layer".
        labels: text per index; None if they are known by their numbers.
    """

    name: str
    labels: tuple[str, ...] | None
