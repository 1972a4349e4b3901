"""Writes PNG files with numpy and zlib alone.

Source: Portable Network Graphics (PNG) Specification, third edition, https://www.w3.org/TR/png-3/
"""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt

try:
    from isal import isal_zlib as _deflate

    _LEVEL = 3
except ImportError:  # there is no wheel of isal for this platform
    import zlib as _deflate  # type: ignore[no-redef]  # the same interface from the standard library

    _LEVEL = 6

Pixels = npt.NDArray[np.uint8]
"""[row, column, channel]: red, green, blue."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUECOLOR, _INDEXED = 2, 3
_COLORS_OF_A_PALETTE = 256


def png(pixels: Pixels) -> bytes:
    """An opaque picture as a PNG file: with a palette if it has at most 256 colors, else with three bytes for each pixel.

    Both are exact: no color is changed.
    """
    height, width, _ = pixels.shape
    packed = (pixels.astype(np.uint32) << np.array([16, 8, 0], np.uint32)).sum(axis=-1, dtype=np.uint32)
    colors, indices = _palette(packed)
    if colors.size <= _COLORS_OF_A_PALETTE:
        rows = indices
        color_type = _INDEXED
        table = _chunk(b"PLTE", colors.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes())
    else:
        rows = _differences(pixels)
        color_type = _TRUECOLOR
        table = b""
    filters = np.full((height, 1), 0 if color_type == _INDEXED else 1, np.uint8)
    data = _deflate.compress(np.hstack([filters, rows]).tobytes(), _LEVEL)
    header = struct.pack(">IIBBBBB", width, height, 8, color_type, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + table + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _palette(packed: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.uint32], Pixels]:
    """The colors of a picture, and the index of each pixel's; of too many colors only these, and no indices."""
    present = np.zeros(1 << 24, bool)
    present[packed] = True
    colors = np.flatnonzero(present).astype(np.uint32)
    if colors.size > _COLORS_OF_A_PALETTE:
        return colors, np.empty((0, 0), np.uint8)
    return colors, np.searchsorted(colors, packed).astype(np.uint8)


def _differences(pixels: Pixels) -> Pixels:
    """Each byte minus that of the pixel before it: filter type 1, "Sub"."""
    height, width, channels = pixels.shape
    before = np.zeros_like(pixels)
    before[:, 1:] = pixels[:, :-1]
    return (pixels - before).reshape(height, width * channels)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
