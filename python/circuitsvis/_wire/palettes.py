"""The colors of values, which the page and the pictures made in Python share.

`make contract` writes `frontend/src/color/palettes.ts` from them. A new palette is one more entry of `PALETTES`; the tests in
`frontend/src/color/` run over all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["light", "dark"]


@dataclass(frozen=True)
class PaletteColors:
    """The colors of a theme, "#rrggbb".

    Attributes:
        zero: neutral, and the same on every scale.
        positive: evenly spaced stops from zero to the largest positive value.
        negative: the same to the largest negative value. Distinguishable from the positive side with any color vision.
        masked: of cells that have no value by construction.
        missing: of cells whose value is missing (NaN).
        hidden: of cells that the reader has hidden.
        hue_lightness, hue_chroma: OKLCH lightness and chroma of the heads' hues.
    """

    zero: str
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    masked: str
    missing: str
    hidden: str
    hue_lightness: float
    hue_chroma: float


PALETTES: dict[str, dict[ThemeName, PaletteColors]] = {
    "blue-red": {
        "light": PaletteColors(
            zero="#ffffff",
            positive=("#ffffff", "#a6cbe8", "#3a82c4", "#0a3f86"),
            negative=("#ffffff", "#f6b9a4", "#d14a3a", "#7d0b17"),
            masked="#e3e4e6",
            missing="#a9aeb8",
            hidden="#c9cdd4",
            hue_lightness=0.58,
            hue_chroma=0.16,
        ),
        "dark": PaletteColors(
            zero="#1c1f25",
            positive=("#1c1f25", "#1f4c7d", "#3f93e0", "#cbe6ff"),
            negative=("#1c1f25", "#762c27", "#e0604f", "#ffdcd2"),
            masked="#0c0d10",
            missing="#5b616c",
            hidden="#3c414a",
            hue_lightness=0.74,
            hue_chroma=0.14,
        ),
    },
}
