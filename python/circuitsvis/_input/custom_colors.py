"""positive_color and negative_color of the public functions, checked against zero's color and against each other."""

from __future__ import annotations

from circuitsvis._input.css_colors import css_color
from circuitsvis._wire.palettes import PALETTES, ThemeName
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.figure import DisplayMode

PLAINLY_DIFFERENT = 0.06
"""Smallest distance in OKLab of two colors that nobody takes for each other: three times what people notice side by side.

Source: W3C, "CSS Color Module Level 4", section 13.
"""

_NEUTRAL = {theme: colors.zero for theme, colors in PALETTES["blue-red"].items()}
"""The color of zero by theme."""

_Lab = tuple[float, float, float]


def custom_colors(
    negative_color: object, positive_color: object, display_mode: DisplayMode | None = None
) -> CustomColors | None:
    """The colors of both signs; None if the user chose neither.

    Colors are compared with zero's color in the theme that `display_mode` fixes, else in the light one. A page that follows a
    dark theme lightens colors that are too dark for it.

    Raises:
        TypeError, ValueError: not an opaque CSS color; a color like zero's; one color for both signs.
    """
    given = {"negative_color": negative_color, "positive_color": positive_color}
    colors = {name: css_color(name, value) for name, value in given.items() if value is not None}
    theme: ThemeName = "dark" if display_mode == "dark" else "light"
    zero = _oklab(_NEUTRAL[theme])
    for name, color in colors.items():
        if _distance(_oklab(color), zero) < PLAINLY_DIFFERENT:
            sign = name.split("_")[0]
            raise ValueError(
                f"{name}: must differ from the color of zero, which is {_NEUTRAL[theme]!r} in the {theme} theme, got {given[name]!r}: "
                f"{sign} values could not be seen. Choose another color; to hide {sign} values, set them to 0 before the call"
            )
    if len(colors) == 2 and _like_each_other(_oklab(colors["negative_color"]), _oklab(colors["positive_color"]), zero):
        raise ValueError(
            "negative_color and positive_color: must be two colors, neither on the way from zero's color to the other, got "
            f"{negative_color!r} and {positive_color!r}: the signs of values could not be told apart. Choose another color for one "
            "of them, or pass only one of both"
        )
    return CustomColors(colors.get("negative_color"), colors.get("positive_color")) if colors else None


def _like_each_other(a: _Lab, b: _Lab, zero: _Lab) -> bool:
    """Whether one of two colors lies on the way from zero's color to the other."""
    return _distance_to_way(a, zero, b) < PLAINLY_DIFFERENT or _distance_to_way(b, zero, a) < PLAINLY_DIFFERENT


def _distance_to_way(color: _Lab, start: _Lab, end: _Lab) -> float:
    way = [e - s for e, s in zip(end, start, strict=True)]
    along = sum((c - s) * w for c, s, w in zip(color, start, way, strict=True)) / sum(w * w for w in way)
    t = min(max(along, 0.0), 1.0)
    r, g, b = (s + t * w for s, w in zip(start, way, strict=True))
    return _distance(color, (r, g, b))


def _distance(a: _Lab, b: _Lab) -> float:
    return float(sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5)


def _oklab(color: str) -> _Lab:
    """Lightness, a and b of "#rrggbb". Source: B. Ottosson, "A perceptual color space for image processing"."""
    r, g, b = (_linear(int(color[i : i + 2], 16) / 255.0) for i in (1, 3, 5))
    long = (0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b) ** (1 / 3)
    medium = (0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b) ** (1 / 3)
    short = (0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b) ** (1 / 3)
    return (
        0.2104542553 * long + 0.793617785 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.428592205 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.808675766 * short,
    )


def _linear(channel: float) -> float:
    return float(channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4)
