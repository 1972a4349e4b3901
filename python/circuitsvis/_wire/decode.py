"""Decodes tensors: deflate, byte planes, codes, values. The inverse of `fixed_point.py`, and the twin of `frontend/src/data/decode.ts`."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64
from circuitsvis._common.causal_mask import visible_cells
from circuitsvis._common.fast_zlib import zlib
from circuitsvis._wire.props.tensor import Tensor

_BYTES = {"uint8": 1, "uint16": 2, "uint24": 3}

Codes = npt.NDArray[np.signedinteger]


def parts(tensor: Tensor) -> Iterator[Float64]:
    """The values of each index of the first axis, NaN where there is none. One chunk at a time is decoded."""
    if len(tensor.chunks) == 1:
        for index, codes in enumerate(chunk_codes(tensor, 0).reshape(tensor.shape[0], -1)):
            yield _values(tensor, index, codes)
    else:
        for index in range(tensor.shape[0]):
            yield part(tensor, index)


def part(tensor: Tensor, index: int) -> Float64:
    """The values at an index of the first axis, NaN where there is none."""
    if len(tensor.chunks) > 1:
        return _values(tensor, index, chunk_codes(tensor, index))
    return _values(tensor, index, chunk_codes(tensor, 0).reshape(tensor.shape[0], -1)[index])


def whole(tensor: Tensor) -> Float64:
    """All values, NaN where there is none."""
    return np.stack(list(parts(tensor))) if tensor.shape[0] else np.empty(tensor.shape)


def chunk_codes(tensor: Tensor, number: int, dtype: type[np.signedinteger] = np.int64) -> Codes:
    """The codes of a chunk, in the order in which they were written, as integers of at least 32 bits."""
    width = _BYTES[tensor.dtype]
    planes = np.frombuffer(zlib.decompress(tensor.chunks[number]), np.uint8).reshape(width, -1)
    codes = np.zeros(planes.shape[1], dtype)
    for plane in planes:
        codes <<= 8
        codes |= plane
    return codes


def _values(tensor: Tensor, index: int, codes: Codes) -> Float64:
    values: Float64 = (codes - tensor.zero).astype(np.float64) * tensor.scales[index]
    if tensor.missing is not None:
        values[codes == tensor.missing] = np.nan
    shape = tensor.shape[1:]
    if tensor.layout == "full":
        return values.reshape(shape)
    dest, src = shape
    matrix = np.full(dest * src, np.nan)
    matrix[visible_cells(dest, src)] = values
    return matrix.reshape(shape)
