"""The SVG picture of a split score: the table of its pairs, as the page shows it at first, with the sums of rows and columns."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from circuitsvis._export import heatmap_svg
from circuitsvis._export.edge_words import sentence
from circuitsvis._export.heatmap_scene import Axis
from circuitsvis._export.token_words import shown
from circuitsvis._still.palette import palette
from circuitsvis._still.scale import ColorScale
from circuitsvis._wire import decode
from circuitsvis._wire.palettes import ThemeName
from circuitsvis._wire.props.edge_split import EdgeSide, EdgeSplitProps

_FEW, _ROOM = 10, 140
"""Largest parts of each side with a line of their own, and pixels of a name with its sum: as in `frontend/src/views/edgeSplit`."""


class Line(NamedTuple):
    """A row or column: its name, its sum, and the indices of its parts."""

    name: str
    value: float
    parts: list[int]


def svg_of(props: EdgeSplitProps) -> str:
    """The file."""
    theme: ThemeName = "dark" if props.display_mode == "dark" else "light"
    focus = (None, None) if props.focus is None else (props.focus.query, props.focus.key)
    few = all(
        _pinned(lines_of(side, _FEW), part) is not None for side, part in _sides(props, focus) if part is not None
    )
    rows, cols = (lines_of(side, _FEW if few else None) for side in (props.query, props.key))
    table = decode.part(props.table, 0)
    values = np.array([[table[np.ix_(row.parts, col.parts)].sum() for col in cols] for row in rows])
    end = float(np.abs(values).max()) or 1.0
    scale = ColorScale((-end, end), palette(theme, None))
    row, col = _pinned(rows, focus[0]), _pinned(cols, focus[1])
    pinned = None if row is None or col is None else (row, col)
    caption = sentence(props)
    if pinned is not None:
        pair = f"{rows[pinned[0]].name} of the query × {cols[pinned[1]].name} of the key"
        caption = f"{pair}: {values[pinned]:.4f}. {caption}"
    return heatmap_svg.to_svg(
        heatmap_svg.Heatmap(
            rows=_axis("Query", props.query, rows),
            cols=_axis("Key", props.key, cols),
            pixels=scale.pixels(values * scale.per_unit, np.zeros(values.shape, bool)),
            scale=scale,
            caption=caption,
            legend="added to q·k / divisor by a pair of parts",
            pinned=pinned,
            masked=False,
            missing=False,
        ),
        theme,
    )


def lines_of(side: EdgeSide, count: int | None) -> list[Line]:
    """The largest parts, the sum of the others, and what is unaccounted. The twin of `linesOf` in `lines.ts`."""
    *parts, unaccounted = (
        Line(name, value, [i]) for i, (name, value) in enumerate(zip(side.parts, side.sums, strict=True))
    )
    ranked = sorted(parts, key=lambda line: -abs(line.value))
    few = len(ranked) if count is None or len(ranked) <= count + 1 else count
    others = ranked[few:]
    rest = Line(
        f"{len(others)} others", sum(line.value for line in others), [part for line in others for part in line.parts]
    )
    return [*ranked[:few], *([rest] if others else []), unaccounted]


def _sides(props: EdgeSplitProps, focus: tuple[int | None, int | None]) -> list[tuple[EdgeSide, int | None]]:
    return [(props.query, focus[0]), (props.key, focus[1])]


def _pinned(lines: list[Line], part: int | None) -> int | None:
    """The place of a part's own line."""
    return None if part is None else next((i for i, line in enumerate(lines) if line.parts == [part]), None)


def _axis(title: str, side: EdgeSide, lines: list[Line]) -> Axis:
    labels = [f"{line.name}  {round(line.value, 3) + 0.0:+.3f}" for line in lines]  # no "-0.000"
    return Axis(f"{title} {side.position} {shown(side.token)}: part, sum", labels, None, _ROOM)
