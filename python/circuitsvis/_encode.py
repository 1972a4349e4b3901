"""Numbers to text: fixed point, byte planes, deflate, base64; props to JSON. `frontend/src/decode.ts` is the inverse."""

from __future__ import annotations

import binascii
import dataclasses
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from circuitsvis._arrays import FloatArray
from circuitsvis._props import AttentionProps, Layout, Tensor

try:
    from isal import isal_zlib as _zlib

    _LEVEL = 2
except ImportError:  # no wheel for this platform: ten times slower, the same format
    import zlib as _zlib  # type: ignore[no-redef]  # the same interface from the standard library

    _LEVEL = 4

Dtype = Literal["uint8", "uint16"]
_TOP = {"uint8": 254, "uint16": 65534}
"""Highest code that is a value; the one above it means "no value here"."""

_ROUNDING = 0.51
"""Half a step, and a little for the float32 product before rounding (65534 * 2**-23 = 0.008 of a step)."""


class FixedPoint:
    """The code book of one tensor: how wide, whether signed. Zero is exact, and so is the largest magnitude."""

    def __init__(self, dtype: Dtype, *, signed: bool) -> None:
        self.dtype = dtype
        self.missing = _TOP[dtype] + 1
        self.zero = _TOP[dtype] // 2 if signed else 0
        self._steps = _TOP[dtype] // 2 if signed else _TOP[dtype]

    def scale(self, magnitude: float) -> float:
        """Value of one step where the largest magnitude to be held is `magnitude`."""
        return magnitude / self._steps

    def codes(self, values: FloatArray, scale: float) -> npt.NDArray[np.unsignedinteger]:
        """Codes of any shape; NaN becomes the missing code."""
        if scale == 0.0:
            steps = values * 0.0
        elif scale < 1e-30:  # 1 / scale would not fit float32
            steps = (values.astype(np.float64) / scale).astype(np.float32)
        else:
            steps = values * np.float32(1.0 / scale)
        steps += self.zero
        np.rint(steps, out=steps)
        absent = np.isnan(steps)
        if absent.any():
            steps[absent] = self.missing
        codes: npt.NDArray[np.unsignedinteger] = steps.astype(self.dtype)
        return codes


@lru_cache(maxsize=16)
def causal_cells(dest: int, src: int) -> npt.NDArray[np.intp]:
    """Flat indices, in C order, of the cells that a causal mask leaves: of row q the columns 0 .. q + (src - dest)."""
    cells: npt.NDArray[np.intp] = np.flatnonzero(np.tri(dest, src, src - dest, dtype=bool))
    cells.flags.writeable = False
    return cells


def chunk(codes: npt.NDArray[np.unsignedinteger]) -> str:
    """base64(zlib(byte planes)): for two-byte codes all high bytes, then all low bytes."""
    flat = np.ascontiguousarray(codes).reshape(-1)
    if flat.dtype == np.uint16:
        planes = np.empty((2, flat.size), np.uint8)
        np.right_shift(flat, 8, out=planes[0], casting="unsafe")
        np.bitwise_and(flat, 255, out=planes[1], casting="unsafe")
        flat = planes.reshape(-1)
    return binascii.b2a_base64(_zlib.compress(flat, _LEVEL), newline=False).decode("ascii")


def matrices(arrays: Sequence[FloatArray], magnitudes: Sequence[float], *, layout: Layout, signed: bool) -> Tensor:
    """A stack of matrices as uint16, one chunk each.

    Args:
        arrays: one [dest, src] per head, finite or NaN.
        magnitudes: largest |value| of each, NaN ignored.
        layout: "causal" drops the cells above the (shifted) diagonal; they must be masked.
        signed: whether any value is negative.
    """
    book = FixedPoint("uint16", signed=signed)
    scales = [book.scale(magnitude) for magnitude in magnitudes]
    dest, src = arrays[0].shape
    cells = causal_cells(dest, src) if layout == "causal" else None
    chunks = [
        chunk(book.codes(np.take(array.reshape(-1), cells) if cells is not None else array, scale))
        for array, scale in zip(arrays, scales, strict=True)
    ]
    return _tensor(book, (len(arrays), dest, src), layout, scales, chunks)


def stack(values: FloatArray, magnitudes: Sequence[float], dtype: Dtype, *, signed: bool) -> Tensor:
    """A small tensor as one chunk, one scale per index of its first axis, layout "full"."""
    book = FixedPoint(dtype, signed=signed)
    scales = [book.scale(magnitude) for magnitude in magnitudes]
    codes = np.stack([book.codes(part, scale) for part, scale in zip(values, scales, strict=True)])
    return _tensor(book, values.shape, "full", scales, [chunk(codes)])


def _tensor(book: FixedPoint, shape: tuple[int, ...], layout: Layout, scales: list[float], chunks: list[str]) -> Tensor:
    return Tensor(
        dtype=book.dtype,
        shape=shape,
        layout=layout,
        zero=book.zero,
        scales=tuple(scales),
        missing=book.missing,
        error_bound=_ROUNDING * max(scales),
        chunks=tuple(chunks),
    )


def to_json(props: AttentionProps) -> str:
    """The text of a page's JSON script: {"component": ..., "props": ...}, ASCII, safe inside a <script> element."""
    component = type(props).__name__.removesuffix("Props")
    text = json.dumps({"component": component, "props": _plain(props)}, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value):
        return {_camel(f.name): _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return list(value) if not value or isinstance(value[0], (str, int, float)) else [_plain(v) for v in value]
    return value


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)
