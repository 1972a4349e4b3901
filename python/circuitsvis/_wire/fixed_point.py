"""Numbers to chunks: fixed point, byte planes, deflate. `frontend/src/data/decode.ts` is the inverse."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from circuitsvis._common import parallel
from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import visible_cells
from circuitsvis._wire.props.tensor import Dtype, Layout, Tensor

try:
    from isal import isal_zlib as _zlib

    _LEVEL = 2
except ImportError:  # no wheel for this platform: ten times slower, the same format
    import zlib as _zlib  # type: ignore[no-redef]  # the same interface from the standard library

    _LEVEL = 4

_TOP = {"uint8": 254, "uint16": 65534, "uint24": 16777214}
"""Highest code that is a value; the one above it means "no value here"."""

_HELD = {"uint8": np.uint8, "uint16": np.uint16, "uint24": np.uint32}
"""numpy's type for the codes; of uint32 only the three lower bytes travel."""

_ROUNDING = 0.51
"""Half a step, and a little for the float32 product before rounding (65534 * 2**-23 = 0.008 of a step)."""

_WORTH_A_THREAD = 100_000
"""Numbers of a matrix from which compressing it beside the next one's quantising takes less time than after it."""

_SCALE_DIGITS = 5
"""Significant digits of a vector's scale: there is one per position, and as text a full double is 18 characters."""

Numbers = npt.NDArray[np.floating]


class FixedPoint:
    """The code book of one tensor: how wide, whether signed. Zero is exact, and so is the largest magnitude."""

    def __init__(self, dtype: Dtype, *, signed: bool) -> None:
        self.dtype = dtype
        self.missing = _TOP[dtype] + 1
        self.zero = _TOP[dtype] // 2 if signed else 0
        self._steps = _TOP[dtype] // 2 if signed else _TOP[dtype]

    def scale(self, magnitude: float) -> float:
        """Value of one step where the largest magnitude to be held is `magnitude`."""
        return max(magnitude / self._steps, math.ulp(0.0)) if magnitude else 0.0  # a quotient below that would be 0

    def codes(
        self, values: Numbers, scale: float | Numbers, *, overwrite: bool = False
    ) -> npt.NDArray[np.unsignedinteger]:
        """Codes of any shape; NaN becomes the missing code. `scale` is one, or an array that broadcasts.

        Args:
            overwrite: whether `values` may be overwritten.
        """
        steps = self._in_steps(values, scale, overwrite)
        if self.zero:
            steps += self.zero
        np.rint(steps, out=steps)
        if steps.size and np.isnan(steps.min()):
            steps[np.isnan(steps)] = self.missing
        codes: npt.NDArray[np.unsignedinteger] = steps.astype(_HELD[self.dtype])
        return codes

    def _in_steps(self, values: Numbers, scale: float | Numbers, overwrite: bool) -> Numbers:
        """The values in steps, 0 where the scale is 0. float32 does where codes have 16 bits; 24 bits are all that it has."""
        if np.ndim(scale) > 0 or self.dtype == "uint24":
            divisor = np.where(np.asarray(scale) == 0.0, 1.0, scale)
            return np.asarray(values.astype(np.float64) / divisor)
        if scale == 0.0:
            return values * np.float32(0.0)
        if scale < 1e-30:  # 1 / scale would not fit float32
            return np.asarray((values.astype(np.float64) / scale).astype(np.float32))
        return np.multiply(values, np.float32(1.0 / scale), out=values if overwrite else None)


def chunk(codes: npt.NDArray[np.unsignedinteger]) -> bytes:
    """zlib(byte planes): all high bytes, then (of three-byte codes) all middle bytes, then all low bytes."""
    return b"".join(_deflated(codes))


def _deflated(codes: npt.NDArray[np.unsignedinteger]) -> list[bytes]:
    """The pieces of a chunk."""
    flat = np.ascontiguousarray(codes).reshape(-1)
    stream = _zlib.compressobj(_LEVEL)
    packed: list[bytes] = []
    plane = np.empty(flat.size, np.uint8)
    for shift in {1: (0,), 2: (8, 0), 4: (16, 8, 0)}[flat.dtype.itemsize]:
        np.right_shift(flat, shift, out=plane, casting="unsafe")  # the cast keeps the lowest byte
        packed.append(stream.compress(plane))
        # one stream, but each plane has a block of its own, so code lengths of its own: 6 % smaller in no more time
        packed.append(stream.flush(_zlib.Z_FULL_FLUSH) if shift else stream.flush())
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
    book = FixedPoint(dtype, signed=signed)
    scales = [book.scale(magnitude) for magnitude in magnitudes]
    dest, src = arrays[0].shape
    cells = visible_cells(dest, src) if layout == "causal" else None
    kept = np.empty(cells.size, np.float32) if cells is not None else None
    codes = (
        book.codes(
            array if cells is None else np.take(array.reshape(-1), cells, out=kept, mode="clip"),
            scale,
            overwrite=cells is not None,
        )
        for array, scale in zip(arrays, scales, strict=True)
    )
    deflated = parallel.staged(codes, _deflated, threads=dest * src >= _WORTH_A_THREAD)
    # joined by this thread: what others leave in memory lies between their gaps, a quarter of it all
    chunks = [b"".join(pieces) for pieces in deflated]
    return _tensor(book, (len(arrays), dest, src), layout, scales, chunks)


def stack(values: Numbers, magnitudes: Sequence[float], dtype: Dtype, *, signed: bool) -> Tensor:
    """A small tensor as one chunk, one scale per index of its first axis, layout "full"."""
    book = FixedPoint(dtype, signed=signed)
    scales = [book.scale(magnitude) for magnitude in magnitudes]
    codes = np.stack([book.codes(part, scale) for part, scale in zip(values, scales, strict=True)])
    return _tensor(book, values.shape, "full", scales, [chunk(codes)])


def scores(array: Numbers, *, layout: Layout) -> Tensor:
    """One matrix of scores as uint24, shape (1, dest, src), one chunk: signed, each value within 0.51 / 8388607 of the
    largest magnitude, which is what float32 itself can tell there.

    Args:
        array: [dest, src], finite or NaN, float32 or float64.
        layout: "causal" drops the cells above the (shifted) diagonal.
    """
    book = FixedPoint("uint24", signed=True)
    dest, src = array.shape
    kept = np.take(array.reshape(-1), visible_cells(dest, src)) if layout == "causal" else array
    magnitude = max(float(np.fmax.reduce(kept, axis=None)), -float(np.fmin.reduce(kept, axis=None)))
    scale = book.scale(magnitude) if magnitude > 0.0 else 0.0  # NaN where no cell has a value
    return _tensor(book, (1, dest, src), layout, [scale], [chunk(book.codes(kept, scale))])


def vectors(array: FloatArray) -> Tensor:
    """One vector per position as uint16, signed, one scale per position, one chunk.

    A scale is rounded up, so no value exceeds the highest code; it is at most 1.0001 times the exact one, and a value
    within 0.51 * 1.0001 / 32767 of the largest magnitude of its own vector.

    Args:
        array: [position, d_head], finite.
    """
    book = FixedPoint("uint16", signed=True)
    scales = _rounded_up(np.array([book.scale(float(m)) for m in np.abs(array).max(axis=-1)]))
    return _tensor(book, array.shape, "full", scales.tolist(), [chunk(book.codes(array, scales[:, None]))])


def _rounded_up(scales: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Each scale >= 0 rounded up to _SCALE_DIGITS significant digits."""
    exponents = np.floor(np.log10(np.where(scales > 0.0, scales, 1.0))) + 1 - _SCALE_DIGITS
    up, down = 10.0 ** np.maximum(exponents, 0.0), 10.0 ** np.maximum(-exponents, 0.0)
    # two exact powers, since 10.0 ** -9 is rounded and would give its product more digits than asked for
    digits = np.ceil(scales * down / up)
    rounded: npt.NDArray[np.float64] = digits * up / down
    return rounded


def _tensor(
    book: FixedPoint, shape: tuple[int, ...], layout: Layout, scales: list[float], chunks: list[bytes]
) -> Tensor:
    return Tensor(
        dtype=book.dtype,
        shape=shape,
        layout=layout,
        zero=book.zero,
        scales=tuple(scales),
        missing=book.missing,
        error_steps=_ROUNDING,
        chunks=tuple(chunks),
    )
