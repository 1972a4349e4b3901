"""The palette of a theme, also with colors of the user's own. The twin of `frontend/src/color/palette.ts` and `customPalette.ts`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from circuitsvis._still.colors import Rgb, hex_color, oklab, oklch, ramp
from circuitsvis._wire.palettes import PALETTES, PaletteColors, ThemeName
from circuitsvis._wire.props.colors import CustomColors

_SAME_HUE = 50  # degrees
_COLORED = 0.04
_NOTICEABLE = 0.02
_PLAIN = 3 * _NOTICEABLE
_TINTS = (0.015, 0.02, 0.03, 0.04, 0.05)
"""These have the values and the meaning that `customPalette.ts` gives them."""

Stops: TypeAlias = tuple[Rgb, ...]


@dataclass(frozen=True)
class Palette:
    """The colors of values, as numbers; `_wire/palettes.py` says what each is."""

    zero: Rgb
    positive: Stops
    negative: Stops
    masked: Rgb
    missing: Rgb
    hidden: Rgb
    hue_lightness: float
    hue_chroma: float

    @classmethod
    def of(cls, colors: PaletteColors) -> Palette:
        return cls(
            hex_color(colors.zero),
            tuple(map(hex_color, colors.positive)),
            tuple(map(hex_color, colors.negative)),
            hex_color(colors.masked),
            hex_color(colors.missing),
            hex_color(colors.hidden),
            colors.hue_lightness,
            colors.hue_chroma,
        )

    def head_hue(self, index: int, count: int) -> Rgb:
        """The hue of head `index` of `count`, spread evenly over the circle."""
        return oklch(self.hue_lightness, self.hue_chroma, (360 * index) / max(count, 1) + 20)


@lru_cache(maxsize=16)
def palette(theme: ThemeName, colors: CustomColors | None, name: str = "blue-red") -> Palette:
    """The palette of a theme, with the user's colors at the ends of both sides; without them the theme's own."""
    own = Palette.of(PALETTES[name][theme])
    return own if colors is None else _custom(own, colors)


def _custom(base: Palette, colors: CustomColors) -> Palette:
    zero = base.zero
    given_positive, given_negative = (
        None if color is None else (zero, _visible(hex_color(color), zero))
        for color in (colors.positive, colors.negative)
    )
    positive = given_positive or _without(base.positive, base.negative, given_negative)
    negative = given_negative or _without(base.negative, base.positive, given_positive)
    values = [ramp(side, i / 256) for side in (positive, negative) for i in range(257)]
    masked = _unlike(base.masked, values, [zero])
    missing = _unlike(base.missing, values, [zero, masked])
    hidden = _unlike(base.hidden, values, [zero, masked, missing])
    return replace(base, positive=positive, negative=negative, masked=masked, missing=missing, hidden=hidden)


def _visible(color: Rgb, zero: Rgb) -> Rgb:
    """A color as it is, or lightened if it is dark and so is zero's color: its lightness is mirrored, black becomes white."""
    lab = oklab(color)
    dark_theme = oklab(zero).lightness < 0.5
    return oklch(1 - lab.lightness, lab.chroma, lab.hue) if dark_theme and lab.lightness < 0.5 else color


def _without(own: Stops, other: Stops, given: Stops | None) -> Stops:
    """The theme's stops of a side, or the other side's if these have the hue of the color that the user gave the other side."""
    if given is None:
        return own
    lab = oklab(given[1])
    turn = abs(lab.hue - oklab(ramp(own, 2 / 3)).hue)
    return other if lab.chroma > _COLORED and min(turn, 360 - turn) < _SAME_HUE else own


def _unlike(gray: Rgb, values: Sequence[Rgb], others: Sequence[Rgb]) -> Rgb:
    """A gray, tinted if values have that gray: the first color that no value has, and that is plainly different from `others`."""
    lightness = oklab(gray).lightness
    tints = [oklch(lightness, chroma, 30 * i) for chroma in _TINTS for i in range(12)]
    labs = [oklab(value) for value in values]
    for color in (gray, *tints):
        lab = oklab(color)
        if all(math.dist(lab, oklab(other)) > _PLAIN for other in others) and all(
            math.dist(lab, value) > 1.1 * _NOTICEABLE for value in labs
        ):
            return color
    return gray
