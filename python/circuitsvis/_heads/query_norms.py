"""Norms that a model may apply to queries and keys (QK-norm), with the divisors of one forward pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from circuitsvis._cache import norm_weights
from circuitsvis._cache.model_attributes import attribute
from circuitsvis._cache.norm_weights import NormWeights
from circuitsvis._common.arrays import Float64, shape_of, to_float64
from circuitsvis._heads.rotation import HeadNorm

_MODULES = ("{}_norm", "{}_layernorm", "{}_ln")
"""Names of the modules, with "q" or "k"."""

_EPSILON = 1e-6
"""Of a norm without a module (nanochat, Llama 4)."""


def candidates(model: Any, attention: Any, queries: Float64, keys: Float64) -> list[tuple[HeadNorm, HeadNorm]]:
    """Norms of queries and keys, each as its module has it and in its variants, then a plain RMSNorm.

    Args:
        model: the model.
        attention: its attention module.
        queries, keys: [head or key head, d_head], at one position.
    """
    found: list[tuple[HeadNorm, HeadNorm]] = []
    for name in _MODULES:
        both = [_read(model, attention, name.format(letter)) for letter in "qk"]
        if None not in both:
            found += zip(
                *(list(_norms(weights, x)) for weights, x in zip(both, (queries, keys), strict=True)), strict=False
            )
    plain = NormWeights(None, None, centre=False, epsilon=_EPSILON)
    found += zip(_norms(plain, queries), _norms(plain, keys), strict=True)
    return found


def _read(model: Any, attention: Any, name: str) -> NormWeights | None:
    """The parameters, whose gain may be [d_head], [head * d_head] or [head, d_head]; None if there is no such module.

    StableLM has a norm for each head, whose gains it keeps apart.
    """
    weights = norm_weights.read(model, attention, name)
    if weights is None or weights.gain is not None:
        return weights
    module = attribute(attention, name)
    for owner in (attribute(module, "original_component"), module):
        gain = attribute(owner, "weight")
        if gain is not None and len(shape_of(gain, name)) == 2:
            return replace(weights, gain=to_float64(gain, name))
        gains = [attribute(norm, "weight") for norm in attribute(owner, "norms") or ()]
        if gains and None not in gains:
            return replace(weights, gain=np.stack([to_float64(gain, name) for gain in gains]))
    return weights


def _norms(weights: NormWeights | None, x: Float64) -> Iterator[HeadNorm]:
    """The norm and its variants, over each head and over all heads together, where the gain has that length."""
    if weights is None:
        return
    n_heads, d_head = x.shape
    for variant in weights.variants():
        gain = np.ones(d_head) if variant.gain is None else variant.gain
        bias = np.zeros(gain.shape) if variant.bias is None else variant.bias
        if gain.shape in ((d_head,), x.shape) and bias.shape in ((d_head,), x.shape):
            ones = np.ones(x.shape)
            yield HeadNorm(ones * gain, ones * bias, variant.divisors(x), variant.centre)
        # An RMSNorm over all heads divides all by one number. A LayerNorm over all heads would mix them.
        if not variant.centre and (variant.gain is None or gain.size == x.size):
            divisor = variant.divisors(x.reshape(1, -1))[0]
            gains = np.ones(x.shape) if variant.gain is None else gain.reshape(x.shape)
            biases = bias.reshape(x.shape) if bias.size == x.size else np.zeros(x.shape)
            yield HeadNorm(gains, biases, np.full(n_heads, divisor), centre=False)
