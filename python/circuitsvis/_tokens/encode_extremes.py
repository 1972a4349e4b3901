"""Encodes the extremes of columns: exact positions, and values in steps that are a power of two for each column.

`frontend/src/views/topkTokens/columns.ts` is the inverse. The code of a column's largest magnitude has 15 bits, so that each value is
within 2**-15 of that magnitude, and values of up to 15 bits, such as whole numbers and most of float16 and bfloat16, are exact.
Differences of neighbouring ranks are written, because they are small: half as many bytes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from circuitsvis._tokens.extremes import Extremes
from circuitsvis._wire import fixed_point, integers
from circuitsvis._wire.props.tensor import Dtype

HIGHEST = 32767
"""The highest magnitude of a code."""

_BITS = 15

EXPONENT_OFFSET = 140
"""Added to the exponents of steps, which are then at least 0. Of values below 2**-141, nothing is left."""


class Chunks(NamedTuple):
    """The encoded columns of one group: differences of codes, positions, exponents."""

    differences: bytes
    positions: bytes
    exponents: bytes


def encode(extremes: Extremes, position_dtype: Dtype, n_columns: int) -> Chunks:
    """The chunks of a group.

    Args:
        extremes: of the columns of this group.
        position_dtype: holds the number of rows, which stands for "no value".
        n_columns: of a full group. Chunks of a tensor are equally long, so a smaller group ends with columns of zeros.
    """
    exponents = step_exponents(extremes.values)
    with np.errstate(invalid="ignore"):
        steps = np.rint(np.ldexp(extremes.values, -exponents[:, None]))
    codes = np.where(np.isnan(steps), 0.0, steps).astype(np.int64)
    differences = np.empty_like(codes)
    differences[:, 0] = codes[:, 0] + HIGHEST
    differences[:, 1:] = np.where(np.isnan(steps[:, 1:]), 0, codes[:, :-1] - codes[:, 1:])
    return Chunks(
        _chunk(differences, "uint16", n_columns),
        _chunk(extremes.positions, position_dtype, n_columns),
        _chunk(exponents[:, None] + EXPONENT_OFFSET, "uint8", n_columns),
    )


def step_exponents(values: fixed_point.Numbers) -> integers.Integers:
    """The exponent of the step of each column: of the smallest power of two in which no code exceeds `HIGHEST`.

    Args:
        values: [column, rank], NaN for "no value".
    """
    magnitude = np.fmax.reduce(np.abs(values), axis=1, initial=0.0)
    exponents = np.frexp(magnitude)[1].astype(np.int64) - _BITS
    exponents += np.rint(np.ldexp(magnitude, -exponents)) > HIGHEST
    exponents[magnitude == 0.0] = -EXPONENT_OFFSET
    result: integers.Integers = np.maximum(exponents, -EXPONENT_OFFSET)
    return result


def _chunk(numbers: integers.Integers, dtype: Dtype, n_columns: int) -> bytes:
    """[column, rank] as a chunk of (rank, column): neighbours of a rank are more alike than those of a column."""
    padded = np.zeros((numbers.shape[1], n_columns), np.int64)
    padded[:, : len(numbers)] = numbers.T
    return fixed_point.chunk(integers.codes(padded, dtype))
