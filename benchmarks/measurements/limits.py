"""The physical limit of the Python side: the least work on the same values, on one core, measured in the same run.

The float32 patterns are copied once, the causal triangle is quantized to uint16 and split into byte planes, and each head is
compressed and encoded in base64. Checks, token texts, JSON and the page are left out: they are the overhead of our call.
"""

from __future__ import annotations

import binascii
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import TypedDict, TypeVar

import numpy as np

from benchmarks.inputs.patterns import Floats

try:
    from isal import isal_zlib as fast_zlib

    LEVEL, COMPRESSOR = 2, "isal level 2"
except ImportError:
    import zlib as fast_zlib  # type: ignore[no-redef]  # the same interface, where isal has no wheel

    LEVEL, COMPRESSOR = 1, "zlib level 1"

REPEATS = 9
BUDGET_S = 3.0
"""Seconds per step, after which it is not repeated again."""
TOP = 65534

T = TypeVar("T")


class Limits(TypedDict):
    """Medians in seconds, sizes in bytes."""

    memcpy_s: float
    quantise_s: float
    compress_s: float
    base64_s: float
    total_s: float
    encoded_bytes: int
    compressor: str
    zstd_bytes: int | None
    zstd_heads: int


class Zstd(TypedDict):
    """Output of workers/zstd.py: bytes of all heads, extrapolated from the heads that were compressed."""

    bytes: int
    sampled_heads: int


def measure_limits(patterns: Floats, zstd: Zstd | None) -> Limits:
    """Measures each step on patterns of shape [..., dest, src]."""
    heads = patterns.reshape(-1, *patterns.shape[-2:])
    memcpy_s, copy = _median(heads.copy)
    quantise_s, planes = _median(lambda: list(causal_planes(copy)))
    compress_s, compressed = _median(lambda: [_compress(each) for each in planes])
    base64_s, encoded = _median(lambda: [binascii.b2a_base64(each, newline=False) for each in compressed])
    return Limits(
        memcpy_s=memcpy_s,
        quantise_s=quantise_s,
        compress_s=compress_s,
        base64_s=base64_s,
        total_s=memcpy_s + quantise_s + compress_s + base64_s,
        encoded_bytes=sum(map(len, encoded)),
        compressor=COMPRESSOR,
        zstd_bytes=zstd["bytes"] if zstd else None,
        zstd_heads=zstd["sampled_heads"] if zstd else 0,
    )


def as_base64(size: int) -> float:
    """The length in base64 of this many bytes."""
    return size * 4 / 3


def causal_planes(heads: Floats) -> Iterator[bytes]:
    """The causal triangle of each head as uint16: all low bytes, then all high bytes."""
    triangle = np.flatnonzero(np.tri(heads.shape[-1], dtype=bool))
    for head in heads:
        yield _byte_planes(np.take(head.reshape(-1), triangle))


def _byte_planes(values: Floats) -> bytes:
    codes = (values * np.float32(TOP / values.max()) + np.float32(0.5)).astype(np.uint16)
    return codes.view(np.uint8).reshape(-1, 2).T.tobytes()


def _compress(planes: bytes) -> bytes:
    return fast_zlib.compress(planes, LEVEL)


def _median(call: Callable[[], T]) -> tuple[float, T]:
    seconds: list[float] = []
    while len(seconds) < REPEATS and sum(seconds) < BUDGET_S:
        start = time.perf_counter()
        result = call()
        seconds.append(time.perf_counter() - start)
    return median(seconds), result
