"""A labelled heatmap of one head as SVG: axes, labels and legend as text, the cells in the colors of the page."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from circuitsvis._export import svg, token_words
from circuitsvis._export.heatmap_layout import LEAN, UPRIGHT_PITCH, heatmap_layout
from circuitsvis._export.heatmap_scene import (
    BAR_HEIGHT,
    BAR_TOP,
    BAR_WIDTH,
    CAPTION_LINE,
    LEGEND_LINE,
    TICK_LINE,
    Axis,
    HeatmapScene,
    Label,
    heatmap_scene,
)
from circuitsvis._export.svg import Ink
from circuitsvis._still.colors import packed
from circuitsvis._still.png import Pixels
from circuitsvis._still.scale import ColorScale
from circuitsvis._wire.palettes import ThemeName

_WIDTH, _TALLEST = 1000, 660
_SIZE, _NUMBER_SIZE = 11, 9
_SMALLEST_ROOM, _LARGEST_ROOM = 30, 104
_STOPS = 17
MARK_DASHES = "4 2"
_SWATCH, _SWATCH_GAP, _PART_GAP = 11, 5, 14
"""These have the values and the meaning that the files of `frontend/src/heatmap/` give them."""


@dataclass(frozen=True)
class Heatmap:
    """What is drawn.

    Attributes:
        rows, cols: destinations and sources.
        pixels: one for each cell.
        scale: the colors of the legend.
        caption, legend: texts above the picture, and above the bar of colors.
        pinned: row and column of a cell with a frame around it; None for none.
        marks: row and column of cells with dashed frames.
        masked, missing, hidden: whether there are masked cells, missing values, and hidden columns.
    """

    rows: Axis
    cols: Axis
    pixels: Pixels
    scale: ColorScale
    caption: str
    legend: str
    pinned: tuple[int, int] | None
    masked: bool
    missing: bool
    hidden: bool = False
    marks: tuple[tuple[int, int], ...] = ()


def to_svg(heatmap: Heatmap, theme: ThemeName) -> str:
    """The file."""
    row_room, col_room = _room(heatmap.rows, 0), _room(heatmap.cols, 0)
    layout = heatmap_layout(
        len(heatmap.rows.labels),
        len(heatmap.cols.labels),
        row_room=row_room,
        col_room=col_room,
        beyond=UPRIGHT_PITCH / 2 if heatmap.cols.upright else max(20, _room(heatmap.cols, 1) / 2),
        upright=heatmap.cols.upright,
        width=_WIDTH,
        tallest=_TALLEST,
    )
    legend_width = token_words.width(heatmap.legend, 12)
    scene = heatmap_scene(layout, heatmap.rows, heatmap.cols, heatmap.caption, legend_width)
    ink = svg.INKS[theme]
    return svg.document(scene.width, scene.height, ink, _elements(scene, heatmap, ink))


def _room(axis: Axis, first: int) -> float:
    """Pixels for the widest label from the `first` on, its number included."""
    widest = max((_width(axis, index) for index in range(first, len(axis.labels))), default=0.0)
    return min(max(_LARGEST_ROOM, axis.room), max(_SMALLEST_ROOM, round(widest + 4)))


def _width(axis: Axis, index: int) -> float:
    return token_words.width(token_words.shown(axis.labels[index]), _SIZE) + _number_width(axis.number(index))


def _number_width(number: int | None) -> float:
    return 0.0 if number is None else token_words.width(f"{number} ", _NUMBER_SIZE)


def _elements(scene: HeatmapScene, heatmap: Heatmap, ink: Ink) -> Iterator[str]:
    caption, picture = scene.caption, scene.picture
    room = scene.width - 2 * caption.x
    shown = token_words.fitted(caption.text, 13, room)
    yield svg.text(shown, caption.x, caption.y + CAPTION_LINE / 2, size=13, fill=ink.text, font_weight="bold")
    yield svg.cells(heatmap.pixels, picture.left, picture.top, picture.width, picture.height)
    yield svg.frame(picture.left, picture.top, picture.width, picture.height, ink)
    across, down = picture.width / len(heatmap.cols.labels), picture.height / len(heatmap.rows.labels)
    marked = [(cell, MARK_DASHES) for cell in heatmap.marks]
    for (row, col), dashes in [*marked, *([] if heatmap.pinned is None else [(heatmap.pinned, None)])]:
        place = dict(x=picture.left + col * across, y=picture.top + row * down, width=across, height=down)
        yield svg.element("rect", fill="none", stroke=ink.text, stroke_width=2, stroke_dasharray=dashes, **place)
    for label in scene.row_labels:
        yield _label(label, scene.row_room, ink, anchor="end", x=label.x, y=label.y + svg.MIDDLE * _SIZE)
    for label in scene.col_labels:
        if scene.upright:
            yield _label(label, UPRIGHT_PITCH, ink, anchor="middle", x=label.x, y=label.y + svg.MIDDLE * _SIZE)
            continue
        turned = f"translate({svg.number(label.x)} {svg.number(label.y)}) rotate({LEAN})"
        yield _label(label, scene.col_room, ink, anchor=None, x=0, y=svg.MIDDLE * _SIZE, transform=turned)
    title = scene.col_title
    anchor = "middle" if title.align == "center" and token_words.width(title.text, _SIZE) <= picture.width else "start"
    x = title.x if anchor == "middle" else picture.left
    yield svg.text(title.text, x, title.y, size=_SIZE, fill=ink.quiet, anchor=anchor)
    if scene.row_title is not None:
        turned = f"translate({svg.number(scene.row_title.x)} {svg.number(scene.row_title.y)}) rotate(-90)"
        yield svg.text(scene.row_title.text, 0, 0, size=_SIZE, fill=ink.quiet, anchor="middle", transform=turned)
    yield from _legend(scene.legend, heatmap, ink)


def _label(label: Label, room: float, ink: Ink, *, anchor: str | None, **place: object) -> str:
    """The number of a token, if it has one, and the token, cut where it is too long."""
    token = token_words.fitted(token_words.shown(label.text), _SIZE, room - _number_width(label.number))
    number = ""
    if label.number is not None:
        number = svg.element("tspan", f"{label.number} ", font_size=_NUMBER_SIZE, fill=ink.quiet)
    return svg.element("text", number + svg.escaped(token), font_size=_SIZE, fill=ink.text, text_anchor=anchor, **place)


def _legend(at: tuple[float, float], heatmap: Heatmap, ink: Ink) -> Iterator[str]:
    x, y = at
    scale = heatmap.scale
    yield svg.text(heatmap.legend, x, y + 9, size=12, fill=ink.quiet)
    low = -1.0 if scale.signed else 0.0
    stops = (
        svg.element("stop", offset=f"{100 * i / (_STOPS - 1):g}%", stop_color=svg.color(scale.color(share * scale.end)))
        for i in range(_STOPS)
        for strength in [low + (1 - low) * i / (_STOPS - 1)]
        for share in [math.copysign(scale.transform.share(abs(strength)), strength)]
    )
    yield svg.element("linearGradient", "".join(stops), id="values")
    top = y + LEGEND_LINE + BAR_TOP
    yield svg.element("rect", x=x, y=top, width=BAR_WIDTH, height=BAR_HEIGHT, fill="url(#values)")
    yield svg.frame(x, top, BAR_WIDTH, BAR_HEIGHT, ink)
    for place, value in scale.ticks():
        middle = top + BAR_HEIGHT + TICK_LINE / 2
        anchor = "start" if place == 0.0 else "end" if place == 1.0 else "middle"
        yield svg.text(tick(value), x + place * BAR_WIDTH, middle, size=12, fill=ink.quiet, anchor=anchor)
    right = x + BAR_WIDTH + _PART_GAP
    palette = scale.palette
    swatches = [
        (heatmap.masked, palette.masked, "masked"),
        (heatmap.missing, palette.missing, "no value"),
        (heatmap.hidden, palette.hidden, "hidden"),
    ]
    for present, swatch, name in swatches:
        if present:
            box = dict(x=right, y=y + LEGEND_LINE + 3, width=_SWATCH, height=_SWATCH)
            yield svg.element("rect", fill=svg.color(packed(swatch)), stroke=ink.line, **box)
            right += _SWATCH + _SWATCH_GAP
            yield svg.text(name, right, y + LEGEND_LINE + 3 + _SWATCH / 2, size=12, fill=ink.quiet)
            right += token_words.width(name, 12) + _PART_GAP


def tick(value: float) -> str:
    """A number at an end of a legend, with three digits. `formatTick` in `frontend/src/text/number.ts` is the twin."""
    if value == 0.0:
        return "0"
    exponent = Decimal(repr(value)).adjusted()
    digits, power = f"{value:.2e}".split("e")
    if exponent >= 5 or exponent <= -7:
        return f"{float(digits):g}e{int(power):+d}"
    if exponent >= 3:  # an end that is exact may have its digits
        return str(math.floor(value + 0.5))
    written = format(Decimal(digits).scaleb(int(power)), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written
