"""Places a large picture and thumbnails on one sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circuitsvis._still.png import Pixels

MARGIN = 8
GAP = 4
LARGE = 384
"""Longest side of the large picture, in pixels, unless it has more cells."""

_LARGEST_CELL = 32
_LARGEST_THUMBNAIL_CELL = 4
TALLEST = 1000
"""Largest height and width of all thumbnails. Those that do not fit are left out."""

Size = tuple[int, int]


@dataclass(frozen=True)
class Sheet:
    """A sheet's pixels.

    Attributes:
        pixels: all of it.
        picture: row and column of the large picture's first pixel, and pixels of a cell's side.
        thumbnails: the same of each thumbnail that found room.
    """

    pixels: Pixels
    picture: tuple[int, int, int]
    thumbnails: tuple[tuple[int, int, int], ...]


def arrange(picture: Pixels, thumbnails: Sequence[Pixels], rows: Sequence[int], background: int, line: int) -> Sheet:
    """The picture at the left, and the thumbnails at its right.

    Args:
        picture: a pixel per cell.
        thumbnails: a pixel per cell, all of one size.
        rows: number of thumbnails in each row.
        background: the color of the sheet.
        line: the color of the lines around each picture.
    """
    cell = max(1, min(_LARGEST_CELL, LARGE // max(picture.shape)))
    height, width = picture.shape[0] * cell, picture.shape[1] * cell
    small = _thumbnail_cell(thumbnails, rows, max(height, LARGE)) if thumbnails else 1
    step = [side * small + GAP for side in thumbnails[0].shape] if thumbnails else [1, 1]
    places = [
        (MARGIN + step[0] * row, MARGIN + width + 4 * GAP + step[1] * column)
        for row, count in enumerate(rows)
        for column in range(count)
    ]
    shown = [at for at in places if max(at[0] + step[0], at[1] + step[1] - width) <= MARGIN + TALLEST]
    bottom = max([MARGIN + height, *(top + step[0] - GAP for top, _ in shown)])
    right = max([MARGIN + width, *(left + step[1] - GAP for _, left in shown)])
    sheet = np.full((bottom + MARGIN, right + MARGIN), background, np.uint32)
    _put(sheet, picture, (MARGIN, MARGIN), cell, line)
    for at, thumbnail in zip(places, thumbnails, strict=True):
        if at in shown:
            _put(sheet, thumbnail, at, small, line)
    return Sheet(sheet, (MARGIN, MARGIN, cell), tuple((*at, small) for at in shown))


def rows_of(layers: Sequence[int | None], height: int, width: int) -> list[int]:
    """How many thumbnails each row has: a row for each layer, or about a square if the layers do not follow each other or are not known."""
    count = len(layers)
    starts = [i for i in range(count) if i == 0 or layers[i] != layers[i - 1]]
    if None not in layers and len(starts) == len(set(layers)) and 1 < len(starts) < count:
        return [end - start for start, end in zip(starts, [*starts[1:], count], strict=True)]
    in_row = max(1, round(math.sqrt(count * (height + GAP) / (width + GAP))))
    return [min(in_row, count - start) for start in range(0, count, in_row)]


def _thumbnail_cell(thumbnails: Sequence[Pixels], rows: Sequence[int], room: int) -> int:
    """Pixels of a thumbnail cell's side: as large as fits beside the picture."""
    tall, wide = thumbnails[0].shape
    fits = [
        cell
        for cell in range(1, _LARGEST_THUMBNAIL_CELL + 1)
        if len(rows) * (tall * cell + GAP) - GAP <= room and max(rows) * (wide * cell + GAP) - GAP <= room
    ]
    return max(fits, default=1)


def _put(sheet: Pixels, picture: Pixels, at: Size, cell: int, line: int) -> None:
    """Draws a picture, each cell as a square, with a line around it."""
    (top, left), (rows, cols) = at, picture.shape
    sheet[top - 1 : top + rows * cell + 1, left - 1 : left + cols * cell + 1] = line
    sheet[top : top + rows * cell, left : left + cols * cell] = picture.repeat(cell, 0).repeat(cell, 1)
