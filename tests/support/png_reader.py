"""A slow, obvious reader of the PNG files that the package writes: 8 bits, indexed or truecolor, no filters."""

from __future__ import annotations

import struct
import zlib

Row = list[tuple[int, int, int]]


def read_png(data: bytes) -> list[Row]:
    """The rows of a picture's pixels. Fails where a file is not as the standard says."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    chunks = dict(_chunks(data[8:]))
    names = list(chunks)
    assert (names[0], names[-1]) == (b"IHDR", b"IEND")
    width, height, depth, color_type, *methods = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert depth == 8 and color_type in (2, 3) and methods == [0, 0, 0]
    size = 3 if color_type == 2 else 1
    raw = zlib.decompress(chunks[b"IDAT"])
    assert len(raw) == height * (1 + size * width)
    return [
        _row(raw[at], raw[at + 1 : at + 1 + size * width], size, chunks.get(b"PLTE", b""))
        for at in range(0, len(raw), 1 + size * width)
    ]


def color_type(data: bytes) -> str:
    """Either "truecolor" or "indexed"."""
    return {2: "truecolor", 3: "indexed"}[data[25]]


def _row(filter_type: int, data: bytes, size: int, palette: bytes) -> Row:
    assert filter_type == 0
    if size == 3:
        return [(data[i], data[i + 1], data[i + 2]) for i in range(0, len(data), 3)]
    return [(palette[3 * i], palette[3 * i + 1], palette[3 * i + 2]) for i in data]


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    found: list[tuple[bytes, bytes]] = []
    while data:
        length, kind = struct.unpack(">I4s", data[:8])
        body, (crc,) = data[8 : 8 + length], struct.unpack(">I", data[8 + length : 12 + length])
        assert crc == zlib.crc32(kind + body)
        found.append((kind, body))
        data = data[12 + length :]
    return found
