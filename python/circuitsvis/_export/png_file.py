"""A figure as a PNG file: the SVG picture rendered by resvg, an optional library, or without words the still of a notebook's output."""

from __future__ import annotations

from circuitsvis._common import checks
from circuitsvis._export import svg_figures
from circuitsvis._still import attention_still, patching_still, score_map_still
from circuitsvis._still.png import png
from circuitsvis._wire import views
from circuitsvis._wire.props.attention import AttentionProps
from circuitsvis._wire.props.edge_split import EdgeSplitProps
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.patching import PatchingMapProps
from circuitsvis._wire.props.score_map import ScoreMapProps

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
    if isinstance(props, EdgeSplitProps):
        if not words:
            raise ValueError("words: the table of an edge has its names beside it; leave words=False out")
        return _rendered(svg_figures.svg_of(props), scale)
    if not isinstance(props, (AttentionProps, ScoreMapProps, PatchingMapProps)):
        raise TypeError(
            f"path: .png is for figures of attention, attribution, scores of heads and patching, got the view {views.name_of(props)}; "
            "save it as .html, and print that page for a picture"
        )
    if words:
        return _rendered(svg_figures.svg_of(props), scale)
    if isinstance(props, ScoreMapProps):
        pixels = score_map_still.drawn(props)
    elif isinstance(props, PatchingMapProps):
        pixels = patching_still.drawn(props)
    else:
        pixels = attention_still.drawn(props)[0].pixels
    return png(pixels.repeat(scale, 0).repeat(scale, 1))


def _rendered(svg: str, scale: int) -> bytes:
    try:
        import resvg_py
    except ImportError as error:
        raise ImportError(
            "path: a .png with words needs resvg: pip install 'circuitsvis[export]'. Without it, words=False draws the cells alone, and "
            ".svg has the words"
        ) from error
    return bytes(resvg_py.svg_to_bytes(svg_string=svg, zoom=scale))
