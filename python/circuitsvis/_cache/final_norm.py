"""The final norm of a model: its parameters, and its output in one sequence, compared with what is cached."""

from __future__ import annotations

import numpy as np

from circuitsvis._cache import norm_weights
from circuitsvis._cache.activations import Activations
from circuitsvis._cache.hook_cache import HookCache
from circuitsvis._cache.hook_names import (
    FINAL_NORM_INPUT,
    FINAL_NORM_NORMALIZED,
    FINAL_NORM_OUTPUT,
    RESID_POST,
)
from circuitsvis._cache.norm_weights import NormWeights
from circuitsvis._common.arrays import Float64

DIFFERENT = 0.05
"""Relative difference of two activations that no rounding explains, not even that of bfloat16 (0.004 per operation)."""

_AMBIGUOUS = 2.0
"""A variant of the norm must be this much closer to the cached output than the configured norm to replace it."""

_NEGLIGIBLE = 1e-6
"""Relative error of the configured norm at which no variant is considered."""


def last_stream(cache: HookCache) -> str:
    """The hook name of the residual stream after the last block."""
    return RESID_POST.at(cache.n_layers - 1)


def configured(cache: HookCache) -> NormWeights | None:
    """The final norm's parameters as its module has them; None without a final norm."""
    return norm_weights.read(cache.model, cache.model, "ln_final")


def fitted(cache: HookCache) -> NormWeights | None:
    """The final norm's parameters, in the variant that best turns its cached input into its cached output; None without a final norm."""
    weights = configured(cache)
    activations = Activations(cache)
    source = next((hook for hook in (FINAL_NORM_INPUT.name, last_stream(cache)) if activations.has(hook)), None)
    if weights is None or source is None or not activations.has(FINAL_NORM_OUTPUT.name):
        return weights
    rows = activations.sample(activations.length(source))
    x, y = activations.rows(source, 0, rows), activations.rows(FINAL_NORM_OUTPUT.name, 0, rows)
    if x.shape != y.shape:
        return weights
    variants = weights.variants()
    errors = [float(np.linalg.norm(variant.at(variant.divisors(x)).apply(x) - y)) for variant in variants]
    best = int(np.argmin(errors))
    keeps = errors[0] <= _AMBIGUOUS * errors[best] + _NEGLIGIBLE * float(np.linalg.norm(y))
    return weights if keeps else variants[best]


def normalized(cache: HookCache, index: int, norm: NormWeights | None) -> Float64 | None:
    """The final norm's output in one sequence, [position, d_model], from hook_normalized; None if this hook holds something else.

    TransformerLens 2 has no other hook there. Some classes cache it before gain and bias, so it is read in both ways and compared
    with the norm of the cached input. A hook may have changed some positions, so a reading needs to fit half of them.
    """
    difference, output = min(readings(cache, index, norm), key=lambda reading: reading[0], default=(np.inf, None))
    return output if difference <= DIFFERENT else None


def readings(cache: HookCache, index: int, norm: NormWeights | None) -> list[tuple[float, Float64]]:
    """hook_normalized as the norm's output, without and with gain and bias applied to it.

    Each with the median over positions of its relative difference from the norm of the cached input; [] if either is not cached.
    """
    activations = Activations(cache)
    x, y = activations.whole(last_stream(cache), index), activations.whole(FINAL_NORM_NORMALIZED.name, index)
    if norm is None or x is None or y is None or x.shape != y.shape:
        return []
    expected = norm.at(norm.divisors(x)).apply(x)
    with_gain = y * (1.0 if norm.gain is None else norm.gain) + (0.0 if norm.bias is None else norm.bias)
    lengths = np.linalg.norm(expected, axis=-1)
    return [
        (float(np.median(np.linalg.norm(reading - expected, axis=-1) / lengths)), reading) for reading in (y, with_gain)
    ]
