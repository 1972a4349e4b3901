"""A figure as a PNG file: the SVG picture rendered by resvg, an optional library, or without words the still of a notebook's output."""

from __future__ import annotations

from circuitsvis._common import checks
from circuitsvis._export import svg_figures
from circuitsvis._still import attention_still
from circuitsvis._still.png import png
from circuitsvis._wire import views
from circuitsvis._wire.props.attention import AttentionProps
from circuitsvis._wire.props.figure import FigureProps

LARGEST_SCALE = 4


def png_of(props: FigureProps, scale: int, *, words: bool) -> bytes:
    """The file.

    Args:
        props: of the figure.
        scale: pixels for one CSS pixel, 1 to `LARGEST_SCALE`.
        words: whether it is the labelled heatmap of `svg_figures.svg_of`, else cells alone: the picture, and thumbnails of all heads.

    Raises:
        TypeError, ValueError: the figure has no such picture; another scale.
        ImportError: `words`, and resvg_py is not installed.
    """
    if not 1 <= checks.integer("scale", scale) <= LARGEST_SCALE:
        raise ValueError(f"scale: must be 1 to {LARGEST_SCALE}, pixels for one pixel of the page, got {scale!r}")
    checks.boolean("words", words)
    if not isinstance(props, AttentionProps):
        raise TypeError(
            f"path: .png is for figures of attention and attribution, got the view {views.name_of(props)}; save it as .html, and print "
            "that page for a picture"
        )
    if words:
        return _rendered(svg_figures.svg_of(props), scale)
    sheet, _ = attention_still.drawn(props)
    return png(sheet.pixels.repeat(scale, 0).repeat(scale, 1))


def _rendered(svg: str, scale: int) -> bytes:
    try:
        import resvg_py
    except ImportError as error:
        raise ImportError(
            "path: a .png with words needs resvg: pip install 'circuitsvis[export]'. Without it, words=False draws the cells alone, and "
            ".svg has the words"
        ) from error
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=scale))
