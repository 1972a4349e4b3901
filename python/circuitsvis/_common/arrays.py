"""Arrays that users pass: torch (any device, any float type), numpy, jax, nested lists. None of these libraries is imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias, TypeGuard

import numpy as np
import numpy.typing as npt

FloatArray: TypeAlias = npt.NDArray[np.float32]
Float64: TypeAlias = npt.NDArray[np.float64]


class TorchTensor(Protocol):
    """A torch tensor; `is_torch_tensor` recognises one."""

    def detach(self) -> Any:
        """The tensor without its gradient history."""


class TensorLike(Protocol):
    """An array of torch, numpy or jax. Cached activations and weights are indexed before they are converted, to copy only that part."""

    @property
    def shape(self) -> Any:
        """Length of each axis."""

    def __getitem__(self, key: Any, /) -> Any: ...

    def reshape(self, first: int, /, *others: int) -> Any:
        """The same values with other axes."""

    def swapaxes(self, a: int, b: int, /) -> Any:
        """A view with two axes exchanged."""


ArrayLike: TypeAlias = TensorLike | TorchTensor | Sequence[Any]
"""An array of torch (any device and dtype), numpy or jax, or nested lists of any depth. Functions check the values."""


def is_torch_tensor(array: object) -> TypeGuard[TorchTensor]:
    """Whether `array` is a torch tensor: no other library's arrays have the method `detach`."""
    return hasattr(array, "detach")


def to_float32(array: ArrayLike, name: str) -> FloatArray:
    """The values as a float32 numpy array. Never write to it: it is a view if the input is float32 on the CPU already.

    Args:
        array: torch tensor (any device, dtype, may require grad), numpy array, jax array, or nested list of numbers.
        name: the argument's name for error messages.

    Raises:
        TypeError: not numeric, or a complex or sparse tensor.
        ValueError: ragged nested lists.
    """
    return np.asarray(_to_float(array, name, np.dtype(np.float32)), dtype=np.float32)


def to_float64(array: ArrayLike, name: str) -> Float64:
    """As `to_float32`, in float64: for small arrays whose numbers are shown with all the digits that they have."""
    return np.asarray(_to_float(array, name, np.dtype(np.float64)), dtype=np.float64)


def _to_float(array: ArrayLike, name: str, dtype: np.dtype[np.floating]) -> npt.NDArray[np.floating]:
    if is_torch_tensor(array):
        tensor = array.detach()
        if tensor.is_complex():
            raise TypeError(f"{name}: needs real numbers, got a complex tensor (use .real or .abs())")
        if str(tensor.layout) != "torch.strided":
            raise TypeError(f"{name}: needs a dense tensor, got one of layout {tensor.layout} (use .to_dense())")
        if dtype == np.float64:  # on the CPU, for not every device has float64
            return np.asarray(tensor.cpu().double().numpy())
        return np.asarray(tensor.float().cpu().numpy())
    if _is_list_of_tensors(array):
        return np.stack([_to_float(item, name, dtype) for item in array])
    try:
        values = np.asarray(array)
    except ValueError as error:
        raise ValueError(f"{name}: needs rows of equal length, got ragged nested lists ({error})") from error
    if values.dtype.kind == "V":  # a type of ml_dtypes, e.g. bfloat16 of jax
        values = np.asarray(array, dtype=dtype)
    if isinstance(array, Mapping) or hasattr(array, "cache_dict"):
        raise TypeError(
            f"{name}: needs numbers, got a {type(array).__name__}; pass one of its arrays. attention.from_cache and "
            "attribution.from_cache take a cache"
        )
    if values.dtype.kind not in "fiub":
        raise TypeError(f"{name}: needs numbers, got {type(array).__name__} of dtype {values.dtype}")
    with np.errstate(over="ignore"):  # values beyond float32 become inf, and the encoder's error names them
        return values.astype(dtype, copy=False)


def sliceable(array: ArrayLike, name: str) -> TensorLike:
    """The array in a form of which parts can be indexed, and converted by `to_float32` one by one. Only lists are converted at once.

    `name` is the argument's name for error messages.

    Raises:
        TypeError, ValueError: as `to_float32`.
    """
    if is_torch_tensor(array):
        tensor: TensorLike = array.detach()
        return tensor
    if isinstance(array, (list, tuple)):
        return to_float32(array, name)
    values = np.asarray(array)  # of jax on the CPU, without a copy; jax would compile each slice
    if values.dtype.kind not in "fiubV":
        raise TypeError(f"{name}: needs numbers, got {type(array).__name__} of dtype {values.dtype}")
    return values


def shape_of(array: ArrayLike, name: str) -> tuple[int, ...]:
    """The shape, without copying the data where the array has one. `name` is the argument's name for error messages."""
    shape = getattr(array, "shape", None)
    return tuple(int(n) for n in shape) if shape is not None else to_float32(array, name).shape


def gram(matrix: TensorLike, name: str) -> Float64:
    """`W @ W.T` over the last two axes in float64, computed on W's device, so that only [..., n, n] is copied to the CPU.

    Args:
        matrix: [..., n, m], e.g. W_O of one layer, [head, d_head, d_model].
        name: the argument's name for error messages.
    """
    if is_torch_tensor(matrix) and getattr(getattr(matrix, "device", None), "type", "cpu") == "cuda":
        tensor = matrix.detach().double()
        return np.asarray((tensor @ tensor.swapaxes(-1, -2)).cpu().numpy())
    array = to_float32(matrix, name).astype(np.float64)
    product: Float64 = array @ array.swapaxes(-1, -2)
    return product


def _is_list_of_tensors(array: object) -> TypeGuard[list[TorchTensor]]:
    return isinstance(array, (list, tuple)) and len(array) > 0 and is_torch_tensor(array[0])
