"""From values to pixels by a look-up table. The twin of `frontend/src/color/scale.ts`, for its linear transform."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64
from circuitsvis._still.colors import Rgb, rounded
from circuitsvis._still.palette import Palette
from circuitsvis._still.png import Pixels

STEPS = 512
"""Entries of the table for each sign."""


class ColorScale:
    """The colors of values.

    Attributes:
        palette: the colors of cells without a value.
        end: magnitude that has the full color; so do larger ones.
        signed: whether values may be negative.
        per_unit: entries of the table per unit of value.
    """

    def __init__(self, value_range: tuple[float, float], palette: Palette, hue: Rgb | None = None) -> None:
        """`value_range` is (low, high), low <= 0 < high. `hue` is the color of the end, instead of the palette's."""
        low, high = value_range
        self.palette = palette
        self.end = max(high, -low)
        self.signed = low < 0
        self.per_unit = STEPS / self.end
        self._table = np.empty((2 * STEPS + 1, 3), np.uint8)
        self._table[:] = rounded(palette.zero)
        _fill(self._table[STEPS:], (palette.zero, hue) if hue else palette.positive)
        if not hue:
            _fill(self._table[STEPS::-1], palette.negative)

    def pixels(self, entries: Float64, masked: npt.NDArray[np.bool_]) -> Pixels:
        """The colors of values that are given in entries of the table; of NaN the color of missing or of masked cells.

        Args:
            entries: of any shape.
            masked: of the same shape: whether a cell without a value is masked.
        """
        absent = np.isnan(entries)
        whole = np.floor(np.where(absent, 0.0, entries) + 0.5)
        colors: Pixels = self._table[np.clip(whole, -STEPS, STEPS).astype(np.intp) + STEPS]
        colors[absent] = rounded(self.palette.missing)
        colors[absent & masked] = rounded(self.palette.masked)
        return colors

    def color(self, value: float) -> tuple[int, int, int]:
        """The color of one value."""
        red, green, blue = self.pixels(np.array([value * self.per_unit]), np.zeros(1, bool))[0].tolist()
        return red, green, blue


def _fill(side: Pixels, stops: Sequence[Rgb]) -> None:
    """Writes the colors of a side, from zero to its end."""
    x = np.arange(STEPS + 1) / STEPS * (len(stops) - 1)
    index = np.minimum(np.floor(x), len(stops) - 2).astype(np.intp)
    colors = np.array(stops)
    start, stop = colors[index], colors[index + 1]
    side[:] = np.floor(start + (stop - start) * (x - index)[:, None] + 0.5)
