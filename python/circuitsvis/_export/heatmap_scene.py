"""Everything that is drawn of a labelled heatmap, with its place. The twin of `frontend/src/heatmap/scene.ts`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from circuitsvis._export.heatmap_layout import (
    COLUMN_GAP,
    LABEL_GAP,
    LABEL_LINE,
    TITLE_LINE,
    TITLE_WIDTH,
    UPRIGHT_MIDDLE,
    UPRIGHT_PITCH,
    Box,
    HeatmapLayout,
    label_step,
)

_GAP, _MARGIN = 12, 12
CAPTION_LINE, LEGEND_LINE = 19, 21
_LEAST_WIDTH = 420
BAR_WIDTH, BAR_HEIGHT, BAR_TOP, TICK_LINE = 130, 10, 4, 15
"""These have the values and the meaning that `scene.ts` and `legend.ts` give them."""


@dataclass(frozen=True)
class Axis:
    """The tokens of one side of a heatmap.

    Attributes:
        title: its name.
        labels: the tokens, or texts.
        numbers: those that stand before them, None for texts that have none.
        room: pixels that the longest label may take, where that is more than usual.
        upright: whether labels of columns stand upright below theirs. Others lean.
    """

    title: str
    labels: Sequence[str]
    numbers: Sequence[int] | None
    room: float = 0
    upright: bool = False

    def number(self, index: int) -> int | None:
        """The number before a label."""
        return None if self.numbers is None else self.numbers[index]


@dataclass(frozen=True)
class Label:
    """A label where it starts or ends, or at its middle if it is upright; on the middle of its line."""

    index: int
    number: int | None
    text: str
    x: float
    y: float


@dataclass(frozen=True)
class Title:
    """The name of an axis; `align` is "center" or "left"."""

    text: str
    x: float
    y: float
    align: str = "center"


@dataclass(frozen=True)
class HeatmapScene:
    """As in `scene.ts`; the pixels and the content of the legend are drawn by whoever writes it."""

    width: float
    height: float
    caption: Title
    picture: Box
    row_labels: tuple[Label, ...]
    col_labels: tuple[Label, ...]
    upright: bool
    row_room: float
    col_room: float
    row_title: Title | None
    col_title: Title
    legend: tuple[float, float]


def heatmap_scene(
    layout: HeatmapLayout, rows: Axis, cols: Axis, caption: str, legend_width: float = 0.0
) -> HeatmapScene:
    """The scene of a heatmap of tokens. `legend_width`: of the legend's text."""
    x, y = _MARGIN, _MARGIN + CAPTION_LINE + _GAP
    inner, cell = layout.picture, layout.cell
    picture = Box(x + inner.left, y + inner.top, inner.width, inner.height)
    bottom = picture.top + picture.height
    legend_y = y + layout.height + _GAP
    pitch, gap = (UPRIGHT_PITCH, UPRIGHT_MIDDLE) if cols.upright else (LABEL_LINE, COLUMN_GAP)
    return HeatmapScene(
        width=max(max(layout.width, legend_width) + 2 * _MARGIN, _LEAST_WIDTH),
        height=legend_y + LEGEND_LINE + BAR_TOP + BAR_HEIGHT + TICK_LINE + _MARGIN,
        caption=Title(caption, x, _MARGIN, "left"),
        picture=picture,
        row_labels=tuple(
            Label(
                i, rows.number(i), rows.labels[i], picture.left - LABEL_GAP / 2, picture.top + (i + 0.5) * cell.height
            )
            for i in range(0, layout.rows, label_step(cell.height))
        ),
        col_labels=tuple(
            Label(i, cols.number(i), cols.labels[i], picture.left + (i + 0.5) * cell.width, bottom + gap)
            for i in range(0, layout.cols, label_step(cell.width, pitch))
        ),
        upright=cols.upright,
        row_room=layout.row_room,
        col_room=layout.col_room,
        row_title=Title(rows.title, x + TITLE_WIDTH / 2, picture.top + picture.height / 2)
        if layout.has_row_title
        else None,
        col_title=Title(
            cols.title,
            picture.left if layout.long else picture.left + picture.width / 2,
            bottom + layout.col_height + TITLE_LINE / 2,
            "left" if layout.long else "center",
        ),
        legend=(x, legend_y),
    )
