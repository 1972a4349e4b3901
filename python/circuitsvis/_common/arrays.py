"""Foreign arrays at the door: torch (any device, any float type), numpy, jax, nested lists. Nothing here imports them."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]
Float64: TypeAlias = npt.NDArray[np.float64]

ArrayLike: TypeAlias = Any
"""Whatever numpy can read, or anything with torch's `.detach()`. Checked by `to_float32`, so the type stays open."""


def to_float32(array: ArrayLike, name: str) -> FloatArray:
    """The values as a float32 numpy array; a view where the input is float32 on the CPU already, so never write to it.

    Args:
        array: torch tensor (any device, dtype, may require grad), numpy array, jax array, or nested list of numbers.
        name: the argument's name for error messages.

    Raises:
        TypeError: not numeric, or a complex or sparse tensor.
        ValueError: ragged nested lists.
    """
    if hasattr(array, "detach"):
        array = array.detach()
        if array.is_complex():
            raise TypeError(f"{name}: needs real numbers, got a complex tensor (use .real or .abs())")
        if str(array.layout) != "torch.strided":
            raise TypeError(f"{name}: needs a dense tensor, got one of layout {array.layout} (use .to_dense())")
        return np.asarray(array.float().cpu().numpy(), dtype=np.float32)
    if _holds_tensors(array):
        return np.stack([to_float32(item, name) for item in array])
    try:
        values = np.asarray(array)
    except ValueError as error:
        raise ValueError(f"{name}: needs rows of equal length, got ragged nested lists ({error})") from error
    if values.dtype.kind == "V":  # ml_dtypes, e.g. a jax bfloat16 array, has its own kind
        values = np.asarray(array, dtype=np.float32)
    if values.dtype.kind not in "fiub":
        raise TypeError(f"{name}: needs numbers, got {type(array).__name__} of dtype {values.dtype}")
    with np.errstate(over="ignore"):  # too big for float32 becomes inf, which the encoder refuses by name
        return values.astype(np.float32, copy=False)


def shape_of(array: ArrayLike, name: str) -> tuple[int, ...]:
    """The shape, without copying or moving the data where the array can tell it."""
    shape = getattr(array, "shape", None)
    return tuple(int(n) for n in shape) if shape is not None else to_float32(array, name).shape


def gram(matrix: ArrayLike, name: str) -> npt.NDArray[np.float64]:
    """`W @ W.T` over the last two axes in float64, computed where W lies: only [..., n, n] leaves the device.

    Args:
        matrix: [..., n, m], e.g. W_O of one layer, [head, d_head, d_model].
    """
    if hasattr(matrix, "detach") and getattr(getattr(matrix, "device", None), "type", "cpu") == "cuda":
        wide = matrix.detach().double()
        return np.asarray((wide @ wide.swapaxes(-1, -2)).cpu().numpy())
    exact = to_float32(matrix, name).astype(np.float64)
    product: npt.NDArray[np.float64] = exact @ exact.swapaxes(-1, -2)
    return product


def _holds_tensors(array: ArrayLike) -> bool:
    return isinstance(array, (list, tuple)) and len(array) > 0 and hasattr(array[0], "detach")
