"""sRGB colors as numbers. The twin of `frontend/src/color/color.ts` and `oklab.ts`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class Rgb(NamedTuple):
    """Red, green, blue in [0, 255]."""

    red: float
    green: float
    blue: float


def hex_color(text: str) -> Rgb:
    """The color that "#0a3f86" stands for."""
    return Rgb(*(float(int(text[i : i + 2], 16)) for i in (1, 3, 5)))


def packed(color: Rgb) -> int:
    """The color as 0xRRGGBB, each channel rounded as JavaScript's Math.round does: halves up."""
    red, green, blue = (math.floor(channel + 0.5) for channel in color)
    return red << 16 | green << 8 | blue


def ramp(stops: Sequence[Rgb], t: float) -> Rgb:
    """Piecewise linear between evenly spaced stops, `t` in [0, 1]."""
    x = min(max(t, 0.0), 1.0) * (len(stops) - 1)
    i = min(math.floor(x), len(stops) - 2)
    return Rgb(*(a + (b - a) * (x - i) for a, b in zip(stops[i], stops[i + 1], strict=True)))


def text_on(color: Rgb) -> str:
    """Black or white, whichever is easier to read on the color (WCAG relative luminance)."""
    red, green, blue = (_linear(channel) for channel in color)
    return "#000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 else "#fff"


def oklch(lightness: float, chroma: float, degrees: float) -> Rgb:
    """The sRGB color of an OKLCH color, clipped. Source: B. Ottosson, "A perceptual color space for image processing"."""
    a = chroma * math.cos(degrees * math.pi / 180)
    b = chroma * math.sin(degrees * math.pi / 180)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
    return Rgb(
        _gamma(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
        _gamma(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
        _gamma(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
    )


class Oklab(NamedTuple):
    """Lightness in [0, 1], and the two axes of color."""

    lightness: float
    a: float
    b: float

    @property
    def chroma(self) -> float:
        return math.hypot(self.a, self.b)

    @property
    def hue(self) -> float:
        """In degrees."""
        return (math.degrees(math.atan2(self.b, self.a)) + 360) % 360


def oklab(color: Rgb) -> Oklab:
    """OKLab of an sRGB color."""
    red, green, blue = (_linear(channel) for channel in color)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return Oklab(
        0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
    )


def _linear(channel: float) -> float:
    s = channel / 255
    return s / 12.92 if s <= 0.04045 else float(((s + 0.055) / 1.055) ** 2.4)


def _gamma(linear: float) -> float:
    x = min(max(linear, 0.0), 1.0)
    return float(255 * (12.92 * x if x <= 0.0031308 else 1.055 * x ** (1 / 2.4) - 0.055))
