"""Tensors as the numbers of a Zarr array with one chunk per head, from which a page has its codes back exactly.

A Zarr array has one scale. Where that of all heads is the same, as in every causal pattern, the array holds integers: code - zero.
Elsewhere it holds floats, within a quarter of a step of the values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64
from circuitsvis._common.causal_mask import Bools, later_sources
from circuitsvis._wire import decode
from circuitsvis._wire.props.tensor import Tensor

_ROUNDING = 0.25
"""Largest difference, in steps, between a float and the value of its code. Half a step would be too much to find the code again."""

_WIDE_ENOUGH = (1e-33, 1e33)
"""Scales whose values, and a quarter of whose step, float32 can hold."""

Numbers = npt.NDArray[np.generic]


@dataclass(frozen=True)
class Piece:
    """One chunk of a tensor, which is one index of the first axis of an array: a head.

    Attributes:
        tensor: with one chunk per index of its first axis, (head, dest, src); or of one head with one chunk: (1, dest, src), or
            (position, d_head) with a scale for each position.
        number: of the chunk.
    """

    tensor: Tensor
    number: int

    @property
    def shape(self) -> tuple[int, ...]:
        """Of one head."""
        return self.tensor.shape[-2:]

    @property
    def scales(self) -> Float64:
        """One, or one per row as a column."""
        if len(self.tensor.shape) == 2:
            return np.array(self.tensor.scales)[:, None]
        return np.array(self.tensor.scales[self.number])


class HeadArray:
    """An array with a chunk for each head, or nothing for some.

    Attributes:
        pieces: by head, at least one that is not None. All have the same shape, type of codes and zero.
        dtype: of the array.
    """

    def __init__(self, pieces: Sequence[Piece | None]) -> None:
        self.pieces = tuple(pieces)
        self._some = [piece for piece in pieces if piece is not None]
        self._one = self._some[0].tensor
        scales = np.unique(np.concatenate([np.unique(piece.scales) for piece in self._some]))
        self._scales = scales[scales != 0.0]
        self._visible = ~later_sources(*self.shape[1:]) if self._one.layout == "causal" else None
        self.dtype = self._integers if len(self._scales) <= 1 else self._floats

    @staticmethod
    def of_tensor(tensor: Tensor) -> HeadArray:
        """The array of a tensor with one chunk per head."""
        return HeadArray([Piece(tensor, head) for head in range(tensor.shape[0])])

    @property
    def shape(self) -> tuple[int, ...]:
        """(head, ...)."""
        return (len(self.pieces), *self._some[0].shape)

    @property
    def fill_value(self) -> float:
        """What cells without a value hold."""
        if self._is_float:
            return float("nan")
        missing = self._one.missing or 0
        return -self._one.zero - 1 if self._one.zero else missing

    @property
    def attributes(self) -> dict[str, float]:
        """How numbers become values, by the names of the CF conventions; and the largest possible error of a value."""
        step = float(self._scales.max(initial=0.0))
        if self._is_float:
            return {"error_bound": (self._one.error_steps + _ROUNDING) * step}
        scale = step or 1.0  # all values are 0
        return {"scale_factor": scale, "_FillValue": self.fill_value, "error_bound": self._one.error_steps * step}

    def head(self, index: int) -> Numbers | None:
        """The numbers of a head, as they are stored; None if there are none."""
        piece = self.pieces[index]
        if piece is None:
            return None
        codes = decode.chunk_codes(piece.tensor, piece.number, np.int32)
        missing = codes == self._one.missing
        steps = codes - np.int32(self._one.zero)
        if self._visible is None:
            return self._stored(steps.reshape(piece.shape), missing.reshape(piece.shape), piece.scales)
        whole = np.full(piece.shape, self.fill_value, self.dtype)
        whole[self._visible] = self._stored(steps, missing, piece.scales)
        return whole

    def _stored(self, steps: decode.Codes, missing: Bools, scales: Float64) -> Numbers:
        if not self._is_float:
            steps[missing] = self.fill_value
            return steps.astype(self.dtype)
        values = _rounded(steps * scales, scales)
        values[missing] = np.nan
        return values.astype(self.dtype)

    @cached_property
    def _is_float(self) -> bool:
        return self.dtype.startswith("float")

    @property
    def _integers(self) -> str:
        bits = {"uint8": 8, "uint16": 16, "uint24": 32}[self._one.dtype]
        return f"{'int' if self._one.zero else 'uint'}{bits}"

    @property
    def _floats(self) -> str:
        low, high = _WIDE_ENOUGH
        wide = self._scales.min() < low or self._scales.max() > high or self._one.dtype == "uint24"
        return "float64" if wide else "float32"


def fits_together(pieces: Sequence[Piece | None]) -> bool:
    """Whether these can be the heads of one array, and there is one."""
    kinds = {(piece.shape, piece.tensor.dtype, piece.tensor.zero, piece.tensor.layout) for piece in pieces if piece}
    return len(kinds) == 1


def _rounded(values: Float64, scales: Float64) -> Float64:
    """Values as multiples of a power of two, at most half of their step: few bits differ from zero, which need no room."""
    powers = 2.0 ** np.floor(np.log2(np.where(scales == 0.0, 1.0, scales) / 2))
    rounded: Float64 = np.rint(values / powers) * powers
    return rounded
