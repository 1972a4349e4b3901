"""From values to pixels by a look-up table. The twin of `frontend/src/color/scale.ts`."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._common.causal_mask import Bools
from circuitsvis._still.colors import Rgb, packed
from circuitsvis._still.palette import Palette
from circuitsvis._still.png import Pixels
from circuitsvis._still.transform import TRANSFORMS
from circuitsvis._wire.props.switches import ColorScaleName


class ColorScale:
    """The colors of values.

    Attributes:
        palette: the colors of cells without a value.
        end: magnitude that has the full color; so do larger ones.
        signed: whether values may be negative.
        transform: how values are spread over the colors.
        steps: entries of the table for each sign.
        per_unit: entries of the table per unit of value.
    """

    def __init__(
        self,
        value_range: tuple[float, float],
        palette: Palette,
        hue: Rgb | None = None,
        transform: ColorScaleName = "linear",
    ) -> None:
        """`value_range` is (low, high), low <= 0 < high. `hue` is the color of the end, instead of the palette's."""
        low, high = value_range
        self.palette = palette
        self.end = max(high, -low)
        self.signed = low < 0
        self.transform = TRANSFORMS[transform]
        self.steps = self.transform.steps
        self.per_unit = self.steps / self.end
        negative = (palette.zero, palette.zero) if hue else palette.negative
        positive = (palette.zero, hue) if hue else palette.positive
        strengths = self.transform.strength(np.arange(self.steps + 1) / self.steps)
        self._table = np.concatenate([_side(negative, strengths)[:0:-1], _side(positive, strengths)])

    def pixels(self, entries: Float64, masked: Bools, shades: int | None = None) -> Pixels:
        """The colors of values that are given in entries of the table; of NaN the color of missing or of masked cells.

        Args:
            entries: of any shape.
            masked: whether a cell without a value is masked; its shape broadcasts with that of `entries`.
            shades: number of different colors for each sign, a divisor of `steps`: values are rounded to the nearest.
        """
        absent = np.isnan(entries)
        shades = shades or self.steps
        width = self.steps // shades
        steps = np.floor(np.where(absent, 0.0, entries) * (1 / width) + 0.5)
        index = np.clip(steps, -shades, shades).astype(np.intp) * width + self.steps
        colors: Pixels = self._table[index]
        colors[absent] = packed(self.palette.missing)
        colors[absent & masked] = packed(self.palette.masked)
        return colors

    def ticks(self) -> list[tuple[float, float]]:
        """Labels of a legend from left to right: the place along its bar, in [0, 1], and the value."""
        inner = self.transform.ticks
        positive = [*(inner[-1:] if self.signed else inner), 1.0]
        shares = [*([-share for share in reversed(positive)] if self.signed else []), 0.0, *positive]
        strengths = np.copysign(self.transform.strength(np.abs(shares)), shares)
        places = (1 + strengths) / 2 if self.signed else strengths
        return [(float(place), share * self.end) for place, share in zip(places, shares, strict=True)]

    def color(self, value: float) -> int:
        """The color of one value, 0xRRGGBB."""
        return int(self.pixels(np.array(value * self.per_unit)[None], np.zeros(1, bool))[0])


def _side(stops: Sequence[Rgb], strengths: Float64) -> Pixels:
    """The colors of a side, from zero to its end."""
    x = strengths * (len(stops) - 1)
    index = np.minimum(np.floor(x), len(stops) - 2).astype(np.intp)
    colors = np.array(stops)
    start, stop = colors[index], colors[index + 1]
    return pack(start + (stop - start) * (x - index)[:, None])


def pack(colors: Float64) -> Pixels:
    """[..., channel] in [0, 255] as 0xRRGGBB."""
    red, green, blue = np.moveaxis(np.floor(colors + 0.5).astype(np.uint32), -1, 0)
    numbers: Pixels = red << 16 | green << 8 | blue
    return numbers
