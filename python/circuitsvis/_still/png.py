"""Writes PNG files with numpy and zlib alone.

Source: Portable Network Graphics (PNG) Specification, third edition, https://www.w3.org/TR/png-3/
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint32]
"""[row, column]: opaque colors as numbers, 0xRRGGBB."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUECOLOR, _INDEXED = 2, 3
_COLORS_OF_A_PALETTE = 256
_LEVEL = 3
"""Of zlib: level 6 takes twice as long for 12 % less, and isal makes larger files than either."""

_NO_COLOR = np.uint32(0xFFFFFFFF)

_PRIME = np.uint32(2654435761)
"""Spreads colors over the entries of a table. Source: D. Knuth, The Art of Computer Programming, volume 3, section 6.4."""


def png(pixels: Pixels) -> bytes:
    """A picture as a PNG file: with a palette if it has at most 256 colors, else with three bytes for each pixel.

    Both are exact: no color is changed.
    """
    height, width = pixels.shape
    colors = _palette(pixels)
    if colors is not None:
        rows = np.searchsorted(colors, pixels).astype(np.uint8)
        color_type, table = _INDEXED, _chunk(b"PLTE", _bytes(colors[None]).tobytes())
    else:
        rows = _bytes(pixels)
        color_type, table = _TRUECOLOR, b""
    unfiltered = np.zeros((height, 1), np.uint8)  # cells are squares of one color, which deflate finds without help
    data = zlib.compress(np.hstack([unfiltered, rows]).tobytes(), _LEVEL)
    header = struct.pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + table + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _palette(pixels: Pixels) -> Pixels | None:
    """The different colors, ascending; None if they are too many. Sorting all pixels would take longer than everything else."""
    slots = (pixels * _PRIME) >> np.uint32(16)
    table = np.full(1 << 16, _NO_COLOR)
    table[slots] = pixels
    colors = np.sort(table[table != _NO_COLOR])
    if colors.size > _COLORS_OF_A_PALETTE:
        return None
    if not np.array_equal(table[slots], pixels):  # two colors have the same slot
        colors = np.unique(pixels)
    return colors if colors.size <= _COLORS_OF_A_PALETTE else None


def _bytes(pixels: Pixels) -> npt.NDArray[np.uint8]:
    """[row, 3 column + channel]."""
    height, width = pixels.shape
    return pixels.astype(">u4").view(np.uint8).reshape(height, width, 4)[..., 1:].reshape(height, 3 * width)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
