"""What the heads of one layer pass to W_O, checked against the cache: pattern · v, and a gate where the model has one.

Architectures differ in what they do between the mixed values and W_O: a gate per dimension (Qwen 3-Next), a norm, a clip, a head
that the user ablated or steered. Where hook_z is cached, it decides; hook names and configurations do not.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from circuitsvis._cache import value_vectors
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.key_heads import key_head, key_heads
from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.rounding import BFLOAT16, FLOAT32, sum_tolerance

Float64: TypeAlias = npt.NDArray[np.float64]

_FLOAT32_TOLERANCE = 64.0 * FLOAT32
_HALF_TOLERANCE = 4.0 * BFLOAT16
"""The relative differences that rounding may explain at the least and at the most, so that bits are read only between them."""


@dataclass(frozen=True)
class HeadOutputs:
    """One layer of one sequence.

    What a head passes to W_O is gate[dest] * sum over src of pattern[dest, src] * values[src].

    Attributes:
        pattern: [head, dest, src].
        values: [src, key head, d_head].
        gate: [dest, head, d_head] or [dest, head, 1], in float64; None where there is none.
        checked: whether hook_z was there to compare with.
        differing: the heads whose hook_z is something else; empty where nothing was checked.
    """

    pattern: FloatArray
    values: FloatArray
    gate: Float64 | None = None
    checked: bool = False
    differing: tuple[int, ...] = ()

    def values_of(self, head: int) -> FloatArray:
        """[src, d_head], of the key head that this head reads: neighbouring heads share one."""
        return self.values[:, key_head(head, len(self.pattern), self.values.shape[1])]


class LayerOutputs:
    """Reads `HeadOutputs` of one layer.

    Args:
        cache: holds the pattern and the values of the layer.
        layer: its number.
        why: what needs it, for errors.

    Raises:
        MissingActivationError, ValueError: no values of these positions are cached.
    """

    def __init__(self, cache: AttentionCache, layer: int, why: str) -> None:
        value_vectors.require(cache, layer, why)
        self._cache, self._layer = cache, layer
        self._candidates = value_vectors.candidates(cache, layer)
        self._chosen: value_vectors.Candidate | None = None

    def read(self, index: int) -> HeadOutputs:
        """The outputs of sequence `index` of the batch; the same activation is taken for all sequences."""
        sequence, layer = CachedSequence(self._cache, index), self._layer
        candidates = self._candidates if self._chosen is None else [self._chosen]
        pattern = sequence.patterns(layer)
        values = [sequence.vectors(candidate.tensor) for candidate in candidates]
        passed_on = sequence.head_outputs(layer)
        if passed_on is None:
            return HeadOutputs(pattern, values[0])
        for candidate, array in zip(candidates, values, strict=True):
            if agrees(pattern, array, passed_on):
                self._chosen = candidate
                return HeadOutputs(pattern, array, checked=True)
        compared = [_compare(pattern, array, passed_on, sequence.gates(layer)) for array in values]
        best = min(range(len(compared)), key=lambda i: len(compared[i].differing))
        if not compared[best].differing:
            self._chosen = candidates[best]
        return compared[best]


def scaled(layer: int, outputs: HeadOutputs) -> str | None:
    """Which heads of a layer pass on pattern · v times a factor, as the beginning of a sentence; None for none."""
    if outputs.gate is None or outputs.gate.shape[-1] > 1:
        return None
    heads = [head for head in range(len(outputs.pattern)) if np.any(outputs.gate[:, head] != 1.0)]
    factors = outputs.gate[:, heads]
    return (
        f"Layer {layer}: what {names(layer, heads)} passed to W_O is pattern · v times a factor of the destination "
        f"({factors.min():.3g} to {factors.max():.3g})"
    )


def names(layer: int, heads: Sequence[int]) -> str:
    """Heads for a sentence: "head 9.6", "heads 9.6, 9.9"."""
    return f"head{'s' if len(heads) > 1 else ''} " + ", ".join(f"{layer}.{head}" for head in heads)


def agrees(pattern: FloatArray, values: FloatArray, passed_on: FloatArray) -> bool:
    """Whether pattern · v is what the heads pass on, for all heads and destinations at once, as far as rounding allows.

    Args:
        pattern: [head, dest, src].
        values: [src, key head, d_head].
        passed_on: [dest, head * d_head], hook_z.
    """
    difference = largest_difference(pattern, values, passed_on)
    if difference <= _FLOAT32_TOLERANCE:
        return True
    return difference <= _HALF_TOLERANCE and difference <= sum_tolerance(pattern, values, passed_on)


def largest_difference(pattern: FloatArray, values: FloatArray, passed_on: FloatArray) -> float:
    """The largest difference between hook_z and pattern · v, relative to the length of the head's longest v times sqrt(d_head).

    Compares one combination of the dimensions, with a sign each: this reads every number once, and a difference in any
    dimension shows (two differences cancel by chance only). The sums run in float32: they only screen, and where they find a
    difference, `LayerOutputs` compares dimension by dimension in float64.
    """
    n_heads, n_dest, n_src = pattern.shape
    d_head = values.shape[2]
    if passed_on.shape[1] != n_heads * d_head:
        return np.inf
    shared = key_heads(n_heads, values.shape[1])
    signs = _signs(d_head)
    sums = (values @ signs).T[shared]  # [head, src]
    lengths = np.sqrt(np.einsum("khe,khe->kh", values, values).max(0))
    largest = lengths[shared] * math.sqrt(d_head)  # at least the sum of magnitudes, [head]
    mixed = (pattern @ sums.reshape(n_heads, n_src, 1))[..., 0]
    difference = np.abs(mixed - (passed_on.reshape(-1, d_head) @ signs).reshape(n_dest, n_heads).T).max(-1)
    with np.errstate(divide="ignore", invalid="ignore"):  # 0 / 0 where a head reads nothing
        relative = np.where(difference == 0.0, 0.0, difference / largest)
    return float(np.fmax.reduce(relative))  # NaN in the cache compares with nothing


@lru_cache(maxsize=8)
def _signs(d_head: int) -> FloatArray:
    return np.random.default_rng(0).choice((np.float32(-1.0), np.float32(1.0)), d_head)


def _compare(
    pattern: FloatArray, values: FloatArray, passed_on: FloatArray, gates: Sequence[FloatArray]
) -> HeadOutputs:
    n_heads, n_dest, _ = pattern.shape
    d_head = values.shape[2]
    everything = tuple(range(n_heads))
    if passed_on.shape[1] != n_heads * d_head:
        return HeadOutputs(pattern, values, checked=True, differing=everything)
    z = passed_on.reshape(n_dest, n_heads, d_head).astype(np.float64)
    mixed, reach = np.empty_like(z), np.empty_like(z)
    for head in range(n_heads):
        of_head = values[:, key_head(head, n_heads, values.shape[1])].astype(np.float64)
        mixed[:, head] = pattern[head] @ of_head
        reach[:, head] = pattern[head] @ np.abs(of_head)
    allowed = sum_tolerance(pattern, values, passed_on) * reach
    for cached in gates:
        if cached.size == mixed.size:
            gate = 1.0 / (1.0 + np.exp(-cached.reshape(mixed.shape).astype(np.float64)))
            if not np.any(np.abs(z - gate * mixed) > allowed):
                return HeadOutputs(pattern, values, gate, checked=True)
    return _scaled(HeadOutputs(pattern, values, checked=True), z, mixed, allowed)


def _scaled(outputs: HeadOutputs, z: Float64, mixed: Float64, allowed: Float64) -> HeadOutputs:
    """The outputs with one factor per destination and head, where one explains all dimensions; else the head differs.

    A vector of one dimension has a factor whatever happened to it, so it proves nothing.
    """
    squares = np.einsum("qhe,qhe->qh", mixed, mixed)
    factor = np.divide(np.einsum("qhe,qhe->qh", z, mixed), squares, out=np.ones_like(squares), where=squares > 0.0)
    unscaled = np.all(np.abs(z - mixed) <= allowed, axis=-1)
    factor[unscaled] = 1.0
    wrong = np.any(
        np.abs(z - factor[..., None] * mixed) > allowed * np.maximum(1.0, np.abs(factor))[..., None], axis=-1
    )
    if z.shape[-1] == 1:
        wrong |= ~unscaled
    differing = tuple(int(head) for head in np.flatnonzero(wrong.any(0)))
    factor[:, list(differing)] = 1.0
    gate = None if np.all(factor == 1.0) else factor[..., None]
    return HeadOutputs(outputs.pattern, outputs.values, gate, checked=True, differing=differing)
