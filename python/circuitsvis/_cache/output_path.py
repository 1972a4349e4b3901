"""The cached path from the mixed values to W_O: hook_z, and output gates."""

from __future__ import annotations

import math

from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_names import GATES, HEAD_OUTPUTS, NORMALIZED_VALUES
from circuitsvis._common.arrays import TensorLike, shape_of


def head_outputs(cache: AttentionCache, layer: int) -> TensorLike | None:
    """hook_z, which W_O reads, as [(batch,) dest, head * d_head]; None if it is not cached.

    The last two axes are joined, because some bridges split them into other heads than the layer has.
    """
    z = cache.tensor(layer, HEAD_OUTPUTS)
    if z is None:
        return None
    *batch, _, dest, _ = cache.pattern_shape(layer)
    shape = shape_of(z, "cache")
    lead = (*batch, dest)
    if shape[: len(lead)] != lead or not len(lead) < len(shape) <= len(lead) + 2:
        return None
    flat: TensorLike = z.reshape(*lead, math.prod(shape[len(lead) :]))
    return flat


def gates(cache: AttentionCache, layer: int) -> list[TensorLike]:
    """Cached activations whose sigmoid the model may multiply the heads' outputs by; as cached."""
    return [tensor for hook in GATES if (tensor := cache.tensor(layer, hook)) is not None]


def unseen_step(cache: AttentionCache, layer: int) -> str | None:
    """The full hook name of a step between v and W_O that the model has and the cache lacks; None if there is none.

    With hook_z the step is visible in the data, so only a cache without it can lack one: a norm of the values, or a gate.
    """
    if head_outputs(cache, layer) is not None:
        return None
    norm = cache.name(layer, NORMALIZED_VALUES)
    if norm in cache.hooks and cache.activation(norm) is None:
        return norm
    has_gate = any(cache.name(layer, gate) in cache.hooks for gate in GATES)
    return cache.name(layer, HEAD_OUTPUTS) if has_gate else None
