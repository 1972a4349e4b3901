"""Random scores, and the masks of attention as loops: causal, windows, padding."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]
LOWEST = {
    "float16": -65504.0,
    "bfloat16": float.fromhex("-0x1.fep127"),
    "float32": float.fromhex("-0x1.fffffep127"),
}
CONSTANTS = [-math.inf, -1e4, -1e5, -1e9, -1e30, *LOWEST.values()]


def scores(shape: tuple[int, ...], seed: int = 0) -> Array:
    """Random numbers with standard deviation 5."""
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32) * 5


def causal(n: int) -> Bools:
    """[dest, src]: later sources are masked."""
    return np.array([[k > q for k in range(n)] for q in range(n)])


def window(n: int, before: int, after: int) -> Bools:
    """[dest, src]: all but some sources before and after the destination are masked."""
    return np.array([[k < q - before or k > q + after for k in range(n)] for q in range(n)])


def columns(n: int, *masked: int) -> Bools:
    """[dest, src]: these sources are masked for every destination."""
    return np.array([[k in masked for k in range(n)] for _ in range(n)])


def left_padding(n: int, width: int) -> Bools:
    """[dest, src]: a causal mask, with `width` positions of padding before the real ones."""
    return causal(n) | columns(n, *range(width))
