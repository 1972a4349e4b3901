"""Arrays of whole numbers as tensors: every number is exact."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from circuitsvis._wire import fixed_point
from circuitsvis._wire.props.tensor import Dtype, Tensor

_NUMPY_DTYPE = {"uint8": np.uint8, "uint16": np.uint16, "uint24": np.uint32}
_SIZES: tuple[tuple[Dtype, int], ...] = (("uint8", 2**8), ("uint16", 2**16), ("uint24", 2**24))

Integers = npt.NDArray[np.integer]


def dtype_for(largest: int) -> Dtype:
    """The narrowest type that holds 0 .. largest.

    Raises:
        ValueError: more than 24 bits.
    """
    for dtype, size in _SIZES:
        if largest < size:
            return dtype
    raise ValueError(f"integers of at most 24 bits cross to the page, got {largest}")


def codes(numbers: Integers, dtype: Dtype) -> npt.NDArray[np.unsignedinteger]:
    """The numbers, none of them negative, in the type whose bytes are written."""
    result: npt.NDArray[np.unsignedinteger] = numbers.astype(_NUMPY_DTYPE[dtype])
    return result


def tensor(shape: tuple[int, ...], dtype: Dtype, chunks: tuple[bytes, ...], *, zero: int = 0) -> Tensor:
    """The tensor of chunks that `fixed_point.chunk` made of `codes`: each number is its code minus `zero`."""
    return Tensor(
        dtype=dtype,
        shape=shape,
        layout="full",
        zero=zero,
        scales=(1.0,) * shape[0],
        missing=None,
        error_steps=0.0,
        chunks=chunks,
    )


def whole(numbers: Integers, largest: int) -> Tensor:
    """An array of numbers in 0 .. largest as one chunk, of shape (1, *shape)."""
    dtype = dtype_for(largest)
    return tensor((1, *numbers.shape), dtype, (fixed_point.chunk(codes(numbers, dtype)),))
