"""The bytes of one chunk of a Zarr array, as the codecs of `zarr_metadata.py` name them: byte planes, gzip."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from circuitsvis._common.fast_zlib import GZIP, LEVEL, zlib


def packed(values: npt.NDArray[np.generic]) -> bytes:
    """The chunk of an array of numbers: of all values the lowest byte, then the next one, and so on, compressed."""
    little = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    planes = little.reshape(-1).view(np.uint8).reshape(-1, values.itemsize)
    stream = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)
    pieces: list[bytes] = []
    for number in range(values.itemsize):
        if number:  # a full flush ends the deflate block, so that each plane has its own Huffman codes
            pieces.append(stream.flush(zlib.Z_FULL_FLUSH))
        pieces.append(stream.compress(np.ascontiguousarray(planes[:, number])))
    return b"".join([*pieces, stream.flush()])


def packed_texts(texts: Sequence[str]) -> bytes:
    """The chunk of an array of strings: their number, then length and UTF-8 of each. Half a surrogate pair becomes U+FFFD."""
    encoded = [text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8") for text in texts]
    parts = (struct.pack("<I", len(text)) + text for text in encoded)
    return struct.pack("<I", len(encoded)) + b"".join(parts)


def check_of(chunk: bytes) -> int:
    """The CRC-32 of what a gzip stream holds."""
    return int.from_bytes(chunk[-8:-4], "little")
