"""A figure as a PDF file: the SVG picture on a page of its size, converted by Typst, an optional library."""

from __future__ import annotations

import re

from circuitsvis._export import svg_figures
from circuitsvis._wire.props.figure import FigureProps

_POINTS = 0.75
"""A CSS pixel in points."""

_PAGE = b"""#let size(name) = float(sys.inputs.at(name)) * 1pt
#set page(width: size("width"), height: size("height"), margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, height: 100%)
"""


def pdf_of(props: FigureProps) -> bytes:
    """The file: axes as lines, words as text, cells as rectangles or as an image that is not smoothed.

    Raises:
        TypeError, ValueError: the figure has no such picture.
        ImportError: typst is not installed.
    """
    svg = svg_figures.svg_of(props, ".pdf")
    try:
        import typst
    except ImportError as error:
        raise ImportError(
            "path: a .pdf needs Typst: pip install 'circuitsvis[export]'. Without it, convert the .svg, which has the same picture, or "
            "print the .html from a browser"
        ) from error
    width, height = (str(float(side) * _POINTS) for side in re.findall(r' (?:width|height)="([\d.]+)"', svg)[:2])
    return bytes(typst.compile(_PAGE, format="pdf", sys_inputs={"svg": svg, "width": width, "height": height}))
