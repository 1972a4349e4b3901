"""Encodes numbers: fixed point, byte planes, deflate. `frontend/src/data/decode.ts` is the inverse."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from circuitsvis._common import parallel
from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import visible_cells
from circuitsvis._common.fast_zlib import LEVEL, zlib
from circuitsvis._wire.props.tensor import Dtype, Layout, Tensor

_HIGHEST: dict[Dtype, int] = {"uint8": 254, "uint16": 65534, "uint24": 16777214}
"""The highest code of a value. The next code means "no value here"."""

_NUMPY_DTYPE = {"uint8": np.uint8, "uint16": np.uint16, "uint24": np.uint32}
"""The numpy type of the codes. Of a uint32, only the three lower bytes are written."""

_ERROR_STEPS = 0.51
"""Largest error in steps: half a step by rounding, and 65534 * 2**-23 = 0.008 by the float32 product before it."""

WORTH_A_THREAD = 100_000
"""Smallest matrix, in numbers, for which compressing in a thread while the next matrix is quantised saves time."""

_SCALE_DIGITS = 5
"""Significant digits of a vector's scale. A double has up to 18 characters as text, and there is one scale per position."""

Numbers = npt.NDArray[np.floating]


class FixedPoint:
    """The fixed-point format of one tensor. Zero and the largest magnitude are exact.

    Attributes:
        dtype: width of the codes.
        missing: the code of "no value here".
        zero: the code of the value 0.
    """

    def __init__(self, dtype: Dtype, *, signed: bool) -> None:
        self.dtype = dtype
        self.missing = _HIGHEST[dtype] + 1
        self.zero = _HIGHEST[dtype] // 2 if signed else 0
        self._steps = _HIGHEST[dtype] // 2 if signed else _HIGHEST[dtype]

    def scale(self, magnitude: float) -> float:
        """The value of one step, for values of at most this magnitude."""
        if magnitude == 0.0:
            return 0.0
        return max(magnitude / self._steps, math.ulp(0.0))  # a quotient below the smallest double would become 0

    def scales(self, magnitudes: Numbers) -> npt.NDArray[np.float64]:
        """`scale` of each of several magnitudes."""
        quotients = magnitudes.astype(np.float64) / self._steps
        return np.where(magnitudes == 0.0, 0.0, np.maximum(quotients, math.ulp(0.0)))

    def codes(
        self, values: Numbers, scale: float | Numbers, *, overwrite: bool = False
    ) -> npt.NDArray[np.unsignedinteger]:
        """The codes of `values`, in their shape; NaN becomes the missing code.

        Args:
            values: of any shape.
            scale: the value of one step, or an array of these that broadcasts with `values`.
            overwrite: whether `values` may be overwritten.
        """
        steps = self._in_steps(values, scale, overwrite)
        if self.zero:
            steps += self.zero
        np.rint(steps, out=steps)
        if steps.size and np.isnan(steps.min()):
            steps[np.isnan(steps)] = self.missing
        codes: npt.NDArray[np.unsignedinteger] = steps.astype(_NUMPY_DTYPE[self.dtype])
        return codes

    def _in_steps(self, values: Numbers, scale: float | Numbers, overwrite: bool) -> Numbers:
        """`values` divided by `scale`, 0 where the scale is 0.

        In float32 for codes of up to 16 bits. Codes of 24 bits need float64, because a float32 has no more than 24 bits itself.
        """
        if np.ndim(scale) > 0 and self.dtype != "uint24" and np.min(scale, where=scale != 0.0, initial=1.0) >= 1e-30:
            inverse = np.divide(1.0, scale, out=np.zeros_like(scale, np.float64), where=scale != 0.0)
            return np.multiply(values, inverse.astype(np.float32), out=values if overwrite else None)
        if np.ndim(scale) > 0 or self.dtype == "uint24":
            divisor = np.where(np.asarray(scale) == 0.0, 1.0, scale)
            return np.asarray(values.astype(np.float64) / divisor)
        if scale == 0.0:
            return values * np.float32(0.0)
        if scale < 1e-30:  # 1 / scale would be too large for float32
            return np.asarray((values.astype(np.float64) / scale).astype(np.float32))
        return np.multiply(values, np.float32(1.0 / scale), out=values if overwrite else None)


def chunk(codes: npt.NDArray[np.unsignedinteger]) -> bytes:
    """The zlib stream of the codes' byte planes: all high bytes, all middle bytes (of three-byte codes), all low bytes."""
    return b"".join(_deflated(codes))


def _deflated(codes: npt.NDArray[np.unsignedinteger]) -> list[bytes]:
    """A chunk in pieces, which are joined later."""
    flat = np.ascontiguousarray(codes).reshape(-1)
    stream = zlib.compressobj(LEVEL)
    packed: list[bytes] = []
    plane = np.empty(flat.size, np.uint8)
    for shift in {1: (0,), 2: (8, 0), 4: (16, 8, 0)}[flat.dtype.itemsize]:
        np.right_shift(flat, shift, out=plane, casting="unsafe")  # an unsafe cast keeps the lowest byte
        packed.append(stream.compress(plane))
        # A full flush ends the deflate block, so that each plane has its own Huffman codes: 6 % smaller, no slower.
        packed.append(stream.flush(zlib.Z_FULL_FLUSH) if shift else stream.flush())
    return packed


def matrices(
    arrays: Sequence[FloatArray], magnitudes: Sequence[float], dtype: Dtype = "uint16", *, layout: Layout, signed: bool
) -> Tensor:
    """A stack of matrices, one chunk each.

    Args:
        arrays: one [dest, src] per head, finite or NaN.
        magnitudes: largest |value| of each, NaN ignored.
        dtype: width of the codes.
        layout: "causal" drops the cells above the (shifted) diagonal; they must be masked.
        signed: whether any value is negative.
    """
    codec = FixedPoint(dtype, signed=signed)
    scales = [codec.scale(magnitude) for magnitude in magnitudes]
    dest, src = arrays[0].shape
    cells = visible_cells(dest, src) if layout == "causal" else None
    buffer = np.empty(cells.size, np.float32) if cells is not None else None
    codes = (
        codec.codes(
            array if cells is None else np.take(array.reshape(-1), cells, out=buffer, mode="clip"),
            scale,
            overwrite=cells is not None,
        )
        for array, scale in zip(arrays, scales, strict=True)
    )
    deflated = parallel.staged(codes, _deflated, threads=dest * src >= WORTH_A_THREAD)
    # Join here, not in the workers: their heaps fragment and cost 25 % more memory.
    chunks = [b"".join(pieces) for pieces in deflated]
    return tensor(codec, (len(arrays), dest, src), layout, scales, chunks)


def stack(values: Numbers, magnitudes: Sequence[float], dtype: Dtype, *, signed: bool) -> Tensor:
    """A small tensor as one chunk, one scale per index of its first axis, layout "full"."""
    codec = FixedPoint(dtype, signed=signed)
    scales = [codec.scale(magnitude) for magnitude in magnitudes]
    codes = np.stack([codec.codes(part, scale) for part, scale in zip(values, scales, strict=True)])
    return tensor(codec, values.shape, "full", scales, [chunk(codes)])


def scores(array: Numbers, *, layout: Layout) -> Tensor:
    """One matrix of signed scores as uint24, shape (1, dest, src), one chunk.

    Each value is within 0.51 / 8388607 of the largest magnitude, which is the precision of float32 at that magnitude.

    Args:
        array: [dest, src], finite or NaN, float32 or float64.
        layout: "causal" drops the cells above the (shifted) diagonal.
    """
    codec = FixedPoint("uint24", signed=True)
    dest, src = array.shape
    visible = np.take(array.reshape(-1), visible_cells(dest, src)) if layout == "causal" else array
    magnitude = max(float(np.fmax.reduce(visible, axis=None)), -float(np.fmin.reduce(visible, axis=None)))
    scale = codec.scale(magnitude) if magnitude > 0.0 else 0.0  # the magnitude is NaN if no cell has a value
    return tensor(codec, (1, dest, src), layout, [scale], [chunk(codec.codes(visible, scale))])


def vectors(array: FloatArray) -> Tensor:
    """One vector per position as signed uint16, one scale per position, one chunk: `rows` of [position, d_head]."""
    return rows(array, "uint16", signed=True)


def rows(array: FloatArray, dtype: Dtype, *, signed: bool) -> Tensor:
    """A tensor of two axes as one chunk, with one scale per row.

    Scales are rounded up, so that no value exceeds the highest code, by a factor of at most 1.0001. Each value is within
    0.51 * 1.0001 steps of the row's largest magnitude: 1 / 32767 of it per step for signed uint16, 1 / 254 for unsigned uint8.

    Args:
        array: [row, column], finite or NaN.
        dtype: width of the codes.
        signed: whether any value is negative.
    """
    codec = FixedPoint(dtype, signed=signed)
    scales = _rounded_up(codec.scales(np.fmax.reduce(np.abs(array), axis=-1, initial=0.0)))
    return tensor(codec, array.shape, "full", scales.tolist(), [chunk(codec.codes(array, scales[:, None]))])


def relative(
    values: FloatArray, magnitudes: npt.NDArray[np.float64], owners: npt.NDArray[np.integer], *, signed: bool
) -> tuple[Tensor, tuple[float, ...]]:
    """[value], each relative to the largest magnitude of its owner, as uint16 of shape (1, value); and the magnitudes, rounded up.

    `magnitudes` are the largest |value| of each owner, 0 where it has none, and `owners` has the owner of each value.
    """
    codec = FixedPoint("uint16", signed=signed)
    scale = codec.scale(1.0)
    rounded = _rounded_up(magnitudes)
    codes = codec.codes(values, (rounded * scale)[owners])
    return tensor(codec, (1, values.size), "full", [scale], [chunk(codes)]), tuple(rounded.tolist())


def integers(values: npt.NDArray[np.integer]) -> Tensor:
    """Integers from 0 to 16777214 as a tensor of shape (1, n), exact, as wide as the largest one needs."""
    largest = int(values.max(initial=0))
    dtype = next(dtype for dtype, highest in _HIGHEST.items() if largest <= highest)
    codes = values.astype(_NUMPY_DTYPE[dtype])
    return Tensor(dtype, (1, values.size), "full", 0, (1.0,), None, 0.0, (chunk(codes),))


def _rounded_up(scales: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Scales, none of them negative, rounded up to `_SCALE_DIGITS` significant digits."""
    exponents = np.floor(np.log10(np.where(scales > 0.0, scales, 1.0))) + 1 - _SCALE_DIGITS
    up, down = 10.0 ** np.maximum(exponents, 0.0), 10.0 ** np.maximum(-exponents, 0.0)
    # Both powers are exact. 10.0 ** -9 is not, and a product with it would have more digits.
    digits = np.ceil(scales * down / up)
    rounded: npt.NDArray[np.float64] = digits * up / down
    return rounded


def tensor(
    codec: FixedPoint, shape: tuple[int, ...], layout: Layout, scales: list[float], chunks: Sequence[bytes]
) -> Tensor:
    """The tensor of these chunks."""
    return Tensor(
        dtype=codec.dtype,
        shape=shape,
        layout=layout,
        zero=codec.zero,
        scales=tuple(scales),
        missing=codec.missing,
        error_steps=_ERROR_STEPS,
        chunks=tuple(chunks) if isinstance(chunks, list) else chunks,
    )
