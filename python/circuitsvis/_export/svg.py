"""SVG: elements as text, in the colors of the page's themes."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable
from dataclasses import dataclass

from circuitsvis._export.token_words import legal
from circuitsvis._still.png import Pixels, png
from circuitsvis._wire.palettes import ThemeName

FONT = "system-ui, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif"
MIDDLE = 0.35
"""Height of the middle of a line of text above its baseline, in its font size: not every program knows `dominant-baseline`."""

_MOST_RECTANGLES = 400
"""Cells that are written as rectangles, which programs for drawings can edit. More are an image."""


@dataclass(frozen=True)
class Ink:
    """Colors of text, of numbers and marks, of lines, and of the background: those of `frontend/src/App.svelte`."""

    text: str
    quiet: str
    line: str
    surface: str


INKS: dict[ThemeName, Ink] = {
    "light": Ink("#1b1e23", "#5c6470", "#d3d8de", "#fff"),
    "dark": Ink("#e4e7ec", "#9aa3b0", "#3a404a", "#23272e"),
}


def document(width: float, height: float, ink: Ink, elements: Iterable[str]) -> str:
    """A complete file."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="{number(width)}" '
        f'height="{number(height)}" viewBox="0 0 {number(width)} {number(height)}" font-family="{FONT}" xml:space="preserve">'
        f"{element('rect', width='100%', height='100%', fill=ink.surface)}{''.join(elements)}</svg>\n"
    )


def element(name: str, content: str = "", /, **attributes: object) -> str:
    """An element. `content` is XML; names of attributes have "_" for "-"."""
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{content}</{name}>" if content else f"<{name}{written}/>"


def text(content: str, x: float, y: float, *, size: float, fill: str, anchor: str = "start", **others: object) -> str:
    """A line of plain text, whose middle is at y."""
    anchor_ = None if anchor == "start" else anchor
    written = dict(x=x, y=y + MIDDLE * size, font_size=size, fill=fill, text_anchor=anchor_, **others)
    return element("text", escaped(content) or " ", **written)


def escaped(content: str) -> str:
    """Plain text as XML."""
    return html.escape(legal(content))


def frame(x: float, y: float, width: float, height: float, ink: Ink) -> str:
    """A line around a rectangle, outside of it."""
    return element("rect", x=x - 0.5, y=y - 0.5, width=width + 1, height=height + 1, fill="none", stroke=ink.line)


def cells(pixels: Pixels, left: float, top: float, width: float, height: float) -> str:
    """A picture with sharp cells: rectangles where they are few, else an image."""
    rows, cols = pixels.shape
    if rows * cols <= _MOST_RECTANGLES:
        across, down = width / cols, height / rows
        rectangles = (
            element(
                "rect",
                x=left + col * across,
                y=top + row * down,
                width=across,
                height=down,
                fill=color(int(pixels[row, col])),
            )
            for row in range(rows)
            for col in range(cols)
        )
        return element("g", "".join(rectangles), shape_rendering="crispEdges")
    data = f"data:image/png;base64,{base64.b64encode(png(pixels)).decode('ascii')}"
    place = dict(x=left, y=top, width=width, height=height, preserveAspectRatio="none")
    return element("image", href=data, image_rendering="pixelated", style="image-rendering:pixelated", **place)


def color(rgb: int) -> str:
    """The color 0xRRGGBB as "#rrggbb"."""
    return f"#{rgb:06x}"


def number(value: float) -> str:
    """With at most two decimals."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _attribute(value: object) -> str:
    return number(value) if isinstance(value, (int, float)) else html.escape(legal(str(value)))
