"""Colors as CSS writes them: names, hex digits, rgb() and hsl()."""

from __future__ import annotations

import colorsys
import difflib
import re

from circuitsvis._input.css_color_names import CSS_NAMES

_FORMS = 'a CSS color: a name such as "darkorange", "#rgb", "#rrggbb", "rgb(255, 140, 0)" or "hsl(33, 100%, 50%)"'
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?"
_FUNCTION = re.compile(r"(rgb|hsl)a?\((.*)\)")
_COMMAS = re.compile(r"([^,/]+),([^,/]+),([^,/]+)(?:,([^,/]+))?")
_SPACES = re.compile(r"([^\s,/]+)\s+([^\s,/]+)\s+([^\s,/]+)(?:\s*/\s*([^\s,/]+))?")
_DEGREES = {"": 1.0, "deg": 1.0, "grad": 0.9, "rad": 57.29577951308232, "turn": 360.0}

_Rgba = tuple[float, float, float, float]
"""Red, green, blue and alpha in [0, 1]."""


def css_color(argument: str, value: object) -> str:
    """An opaque CSS color as "#rrggbb".

    Args:
        argument: name of the argument, for error messages.
        value: what the user passed.

    Raises:
        TypeError: not a string.
        ValueError: not a color of those forms, or not opaque: a color scale ends in one color on light and on dark pages.
    """
    if not isinstance(value, str):
        raise TypeError(f"{argument}: must be {_FORMS}, got {type(value).__name__} {value!r}")
    color = _parsed(value.strip().lower())
    if color is None:
        near = difflib.get_close_matches(value.strip().lower(), CSS_NAMES, n=1, cutoff=0.75)
        meant = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"{argument}: must be {_FORMS}, got {value!r}{meant}")
    red, green, blue, alpha = color
    if alpha < 1.0:
        over_white = _hex(*(1.0 - alpha * (1.0 - channel) for channel in (red, green, blue)))
        raise ValueError(
            f"{argument}: must be opaque, because a transparent color looks different on light and on dark pages, got {value!r} "
            f"(alpha {alpha:.3g})" + (f"; on a white page it looks like {over_white!r}" if alpha > 0.0 else "")
        )
    return _hex(red, green, blue)


def _hex(*channels: float) -> str:
    return "#" + "".join(f"{int(255.0 * channel + 0.5):02x}" for channel in channels)


def _parsed(text: str) -> _Rgba | None:
    """The color; None if `text` is of no form that CSS has for sRGB colors."""
    if text == "transparent":
        return 0.0, 0.0, 0.0, 0.0
    text = CSS_NAMES.get(text, text)
    if text.startswith("#"):
        return _of_digits(text[1:])
    function = _FUNCTION.fullmatch(text)
    if function is None:
        return None
    parts = _COMMAS.fullmatch(function[2].strip()) or _SPACES.fullmatch(function[2].strip())
    if parts is None:
        return None
    first, second, third, fourth = (part and part.strip() for part in parts.groups())
    alpha = 1.0 if fourth is None else _share(fourth, 1.0)
    read = _of_rgb if function[1] == "rgb" else _of_hsl
    color = read(first, second, third)
    return None if color is None or alpha is None else (*color, alpha)


def _of_digits(digits: str) -> _Rgba | None:
    if not re.fullmatch(r"[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8}", digits):
        return None
    if len(digits) < 6:
        digits = "".join(2 * digit for digit in digits)
    red, green, blue, alpha = (int(digits[i : i + 2] or "ff", 16) / 255.0 for i in (0, 2, 4, 6))
    return red, green, blue, alpha


def _of_rgb(*texts: str) -> tuple[float, float, float] | None:
    red, green, blue = (_share(text, 255.0) for text in texts)
    return None if red is None or green is None or blue is None else (red, green, blue)


def _of_hsl(hue: str, *texts: str) -> tuple[float, float, float] | None:
    angle = re.fullmatch(rf"({_NUMBER})([a-z]*)", hue)
    saturation, lightness = (_share(text, 100.0) for text in texts)
    if angle is None or angle[2] not in _DEGREES or saturation is None or lightness is None:
        return None
    return colorsys.hls_to_rgb(float(angle[1]) * _DEGREES[angle[2]] / 360.0 % 1.0, lightness, saturation)


def _share(text: str, whole: float) -> float | None:
    """A number as a share of `whole`, or a percentage, clamped to [0, 1] as CSS does; None if it is neither."""
    number = re.fullmatch(rf"({_NUMBER})(%?)", text)
    if number is None:
        return None
    return min(max(float(number[1]) / (100.0 if number[2] else whole), 0.0), 1.0)
