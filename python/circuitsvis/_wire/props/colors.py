"""Colors of values that the user chose, instead of those of the page's palette."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CustomColors:
    """The colors of the ends of a color scale, "#rrggbb"; zero has the neutral color of the theme.

    Attributes:
        negative: the color of the largest negative value; None for the palette's.
        positive: the color of the largest positive value; None for the palette's.
    """

    negative: str | None
    positive: str | None
