"""Where the parts of a labelled heatmap are, in CSS pixels. The twin of `frontend/src/heatmap/layout.ts` and `size.ts`."""

from __future__ import annotations

import math
from dataclasses import dataclass

TITLE_WIDTH, LABEL_GAP, COLUMN_GAP, TOP = 20, 12, 6, 8
LEAN = 60
LABEL_LINE, TITLE_LINE = 14, 16
UPRIGHT_PITCH, UPRIGHT_MIDDLE = 22, 11
_SLOPE = 0.87
_LARGEST_CELL = 44
_TITLED_HEIGHT = 110
_LEAST_WIDTH = 120
_LONG, _FEW, _BREADTH, _MANY = 4, 16, 240, 3
"""These have the values and the meaning that `layout.ts` and `size.ts` give them."""


@dataclass(frozen=True)
class Size:
    """Of a cell."""

    width: float
    height: float


@dataclass(frozen=True)
class Box:
    """A rectangle."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class HeatmapLayout:
    """As in `layout.ts`, without what zooming needs."""

    rows: int
    cols: int
    cell: Size
    row_room: float
    col_room: float
    picture: Box
    has_row_title: bool
    col_height: float
    width: float
    height: float
    long: bool


def heatmap_layout(
    rows: int,
    cols: int,
    *,
    row_room: float,
    col_room: float,
    beyond: float,
    width: float,
    tallest: float,
    upright: bool = False,
) -> HeatmapLayout:
    """The layout of a heatmap that is not zoomed. Arguments as in `LayoutInput`."""
    left = TITLE_WIDTH + row_room + LABEL_GAP
    across = max(width - left - beyond, _LEAST_WIDTH)
    side = min(_cell_size(cols, across), _cell_size(rows, tallest))
    cell = _stretched(rows, cols, side)
    picture = Box(left, TOP, cols * cell.width, rows * cell.height)
    col_height = UPRIGHT_MIDDLE + LABEL_LINE / 2 if upright else _SLOPE * col_room + LABEL_LINE + 2
    return HeatmapLayout(
        rows=rows,
        cols=cols,
        cell=cell,
        row_room=row_room,
        col_room=col_room,
        picture=picture,
        has_row_title=picture.height >= _TITLED_HEIGHT,
        col_height=col_height,
        width=left + picture.width + beyond,
        height=TOP + picture.height + col_height + TITLE_LINE,
        long=cell.width != cell.height,
    )


def label_step(cell: float, pitch: float = LABEL_LINE) -> int:
    """The n for which every n-th label has room: `pitch` pixels."""
    return max(1, math.ceil(pitch / cell))


def _cell_size(cells: int, target: float) -> float:
    return target / cells if cells > target else min(_LARGEST_CELL, max(1, math.floor(target / cells)))


def _stretched(rows: int, cols: int, side: float) -> Size:
    few, many = min(rows, cols), max(rows, cols)
    if many < _LONG * few:
        return Size(side, side)
    across = max(side, math.floor(min(_FEW, _BREADTH / few)))
    if across < _MANY:
        return Size(side, side)
    along = max(side, _MANY)
    return Size(along, across) if rows < cols else Size(across, along)
