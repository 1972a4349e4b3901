"""What the switches of colors are set to when a figure opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ColorScaleName = Literal["linear", "sqrt", "log"]
"""How values are spread over the colors, or over the opacity of lines. `frontend/src/color/transform.ts` and `_still/transform.py`
compute them."""

Hide = Literal["first", "sinks"]
"""Sources without colors or lines: the first token; or the attention sinks of each head, as `frontend/src/data/sinks.ts` finds them."""


@dataclass(frozen=True)
class Switches:
    """The first state of the switches. A reader changes them as any other.

    Attributes:
        color_scale: of pictures, or of the opacity of lines.
        hide: None where all sources are shown.
        renormalize: whether the attention that remains is divided by its sum, per query. Only with `hide`.
    """

    color_scale: ColorScaleName
    hide: Hide | None
    renormalize: bool
