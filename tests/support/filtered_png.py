"""A slow, obvious reader of PNG files that other libraries write: 8 bits for each of red, green, blue and opacity, with filters."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import numpy.typing as npt


def read_filtered_png(data: bytes) -> npt.NDArray[np.uint8]:
    """[row, column, channel], without the opacity, which must be full everywhere."""
    at, content, size = 8, b"", (0, 0)
    while at < len(data):
        (length,), kind = struct.unpack(">I", data[at : at + 4]), data[at + 4 : at + 8]
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            width, height, depth, color_type = struct.unpack(">IIBB", body[:10])
            assert (depth, color_type) == (8, 6)
            size = (height, width)
        content += body if kind == b"IDAT" else b""
        at += 12 + length
    height, width = size
    raw = zlib.decompress(content)
    rows = [bytearray(4 * width)]
    for row in range(height):
        start = row * (4 * width + 1)
        rows.append(_unfiltered(raw[start], raw[start + 1 : start + 1 + 4 * width], rows[-1]))
    pixels = np.array([list(row) for row in rows[1:]], np.uint8).reshape(height, width, 4)
    assert (pixels[..., 3] == 255).all()
    return pixels[..., :3]


def _unfiltered(kind: int, line: bytes, above: bytearray) -> bytearray:
    """Source: PNG Specification, section 9."""
    out = bytearray(len(line))
    for i, byte in enumerate(line):
        left, up, corner = (out[i - 4], above[i], above[i - 4]) if i >= 4 else (0, above[i], 0)
        guess = left + up - corner
        paeth = min((left, up, corner), key=lambda value: abs(guess - value))
        out[i] = (byte + (0, left, up, (left + up) // 2, paeth)[kind]) & 255
    return out
