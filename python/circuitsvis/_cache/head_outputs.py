"""The outputs of one layer's heads as W_O reads them: pattern · v, times a gate if the model has one, checked against hook_z.

Between pattern · v and W_O, a model may have a gate per dimension (Qwen 3-Next), a norm or a clip, or a user may have ablated or
steered a head. If hook_z is cached, it decides; hook names and configurations do not (docs/decisions/0026).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from circuitsvis._cache import value_vectors
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._cache.key_heads import key_head, key_heads
from circuitsvis._common.arrays import Float64, FloatArray
from circuitsvis._common.rounding import BFLOAT16, FLOAT32, sum_tolerance

_FLOAT32_TOLERANCE = 64.0 * FLOAT32
_HALF_TOLERANCE = 4.0 * BFLOAT16
"""Relative differences below the first are always rounding, above the second never. Between them the precision decides."""


@dataclass(frozen=True)
class HeadOutputs:
    """The outputs of one layer's heads in one sequence: gate[dest] * sum over src of pattern[dest, src] * values[src].

    Attributes:
        pattern: [head, dest, src].
        values: [src, key head, d_head].
        gate: [dest, head, d_head] or [dest, head, 1], in float64; None if there is none.
        checked: whether hook_z is cached, so that the outputs could be compared with it.
        differing: heads whose hook_z is not this output; empty if nothing was checked.
    """

    pattern: FloatArray
    values: FloatArray
    gate: Float64 | None = None
    checked: bool = False
    differing: tuple[int, ...] = ()

    def values_of(self, head: int) -> FloatArray:
        """[src, d_head]: the value vectors that a head mixes."""
        return self.values[:, key_head(head, len(self.pattern), self.values.shape[1])]


class LayerOutputs:
    """Reads the `HeadOutputs` of one layer, one sequence at a time.

    Args:
        cache: the activations, with the pattern and the values of the layer.
        layer: number of the layer.
        why: the argument or feature that needs them, for errors.

    Raises:
        MissingActivationError, ValueError: no values of the pattern's positions are cached.
    """

    def __init__(self, cache: AttentionCache, layer: int, why: str) -> None:
        value_vectors.require(cache, layer, why)
        self._cache, self._layer = cache, layer
        self._candidates = value_vectors.candidates(cache, layer)

    def read(self, index: int) -> HeadOutputs:
        """The outputs in sequence `index` of the batch. All sequences use the activation that first agrees with hook_z."""
        sequence, layer = CachedSequence(self._cache, index), self._layer
        pattern, z = sequence.patterns(layer), sequence.head_outputs(layer)
        if z is None:
            return HeadOutputs(pattern, sequence.vectors(self._candidates[0].tensor))
        values = [sequence.vectors(candidate.tensor) for candidate in self._candidates]
        for candidate, vectors in zip(self._candidates, values, strict=True):
            if agrees(pattern, vectors, z):
                self._candidates = [candidate]
                return HeadOutputs(pattern, vectors, checked=True)
        compared = [_compare(pattern, vectors, z, sequence.gates(layer)) for vectors in values]
        best = min(range(len(compared)), key=lambda i: len(compared[i].differing))
        if not compared[best].differing:
            self._candidates = [self._candidates[best]]
        return compared[best]


def scaled(layer: int, outputs: HeadOutputs) -> str | None:
    """The beginning of a sentence about heads whose output is pattern · v times a factor per destination; None if there are none."""
    if outputs.gate is None or outputs.gate.shape[-1] > 1:
        return None
    heads = [head for head in range(len(outputs.pattern)) if np.any(outputs.gate[:, head] != 1.0)]
    factors = outputs.gate[:, heads]
    return (
        f"Layer {layer}: the output of {names(layer, heads)} that W_O reads is pattern · v times a factor per destination "
        f"({factors.min():.3g} to {factors.max():.3g})"
    )


def names(layer: int, heads: Sequence[int]) -> str:
    """Heads for a sentence: "head 9.6", "heads 9.6, 9.9"."""
    return f"head{'s' if len(heads) > 1 else ''} " + ", ".join(f"{layer}.{head}" for head in heads)


def agrees(pattern: FloatArray, values: FloatArray, z: FloatArray) -> bool:
    """Whether hook_z is pattern · v within rounding, for all heads and destinations.

    Args:
        pattern: [head, dest, src].
        values: [src, key head, d_head].
        z: [dest, head * d_head], hook_z.
    """
    difference = largest_difference(pattern, values, z)
    if difference <= _FLOAT32_TOLERANCE:
        return True
    return difference <= _HALF_TOLERANCE and difference <= sum_tolerance(pattern, values, z)


def largest_difference(pattern: FloatArray, values: FloatArray, z: FloatArray) -> float:
    """The largest difference between hook_z and pattern · v, relative to sqrt(d_head) times the head's longest value vector.

    A fast screen: it compares one combination of the dimensions with random signs, in float32, which reads every number once.
    A difference in one dimension always shows, and differences in several cancel only by chance. `LayerOutputs` compares every
    dimension in float64 if this finds a difference.
    """
    n_heads, n_dest, n_src = pattern.shape
    d_head = values.shape[2]
    if z.shape[1] != n_heads * d_head:
        return np.inf
    shared = key_heads(n_heads, values.shape[1])
    signs = _signs(d_head)
    signed_values = (values @ signs).T[shared]  # [head, src]
    lengths = np.sqrt(np.einsum("khe,khe->kh", values, values).max(0))
    magnitudes = lengths[shared] * math.sqrt(d_head)  # [head], at least the sum of magnitudes over the dimensions
    mixed = (pattern @ signed_values.reshape(n_heads, n_src, 1))[..., 0]
    difference = np.abs(mixed - (z.reshape(-1, d_head) @ signs).reshape(n_dest, n_heads).T).max(-1)
    with np.errstate(divide="ignore", invalid="ignore"):  # 0 / 0 where all values of a head are zero
        relative = np.where(difference == 0.0, 0.0, difference / magnitudes)
    return float(np.fmax.reduce(relative))  # ignores NaN, which differs from everything


@lru_cache(maxsize=8)
def _signs(d_head: int) -> FloatArray:
    return np.random.default_rng(0).choice((np.float32(-1.0), np.float32(1.0)), d_head)


def _compare(pattern: FloatArray, values: FloatArray, z: FloatArray, gates: Sequence[FloatArray]) -> HeadOutputs:
    """The outputs with the gate that makes pattern · v equal to hook_z: a cached one, else one factor per destination."""
    n_heads, n_dest, _ = pattern.shape
    d_head = values.shape[2]
    if z.shape[1] != n_heads * d_head:
        return HeadOutputs(pattern, values, checked=True, differing=tuple(range(n_heads)))
    z_by_head = z.reshape(n_dest, n_heads, d_head).astype(np.float64)
    mixed, magnitudes = np.empty_like(z_by_head), np.empty_like(z_by_head)
    for head, key in enumerate(key_heads(n_heads, values.shape[1])):
        vectors = values[:, key].astype(np.float64)
        mixed[:, head] = pattern[head] @ vectors
        magnitudes[:, head] = pattern[head] @ np.abs(vectors)
    allowed = sum_tolerance(pattern, values, z) * magnitudes
    for logits in gates:
        if logits.size == mixed.size:
            gate = 1.0 / (1.0 + np.exp(-logits.reshape(mixed.shape).astype(np.float64)))
            if not np.any(np.abs(z_by_head - gate * mixed) > allowed):
                return HeadOutputs(pattern, values, gate, checked=True)
    return _scaled(HeadOutputs(pattern, values, checked=True), z_by_head, mixed, allowed)


def _scaled(outputs: HeadOutputs, z: Float64, mixed: Float64, allowed: Float64) -> HeadOutputs:
    """The outputs with one factor per destination and head where it explains hook_z in all dimensions; other heads differ.

    With a single dimension some factor always fits, so it is no evidence and the head differs.

    Args:
        outputs: without a gate.
        z, mixed: [dest, head, d_head], hook_z and pattern · v.
        allowed: [dest, head, d_head], the rounding error of their difference.
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
