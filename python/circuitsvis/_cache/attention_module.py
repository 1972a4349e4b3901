"""The model's attention module of one layer: its W_O, and the divisor and soft cap of its scores."""

from __future__ import annotations

import math
from typing import Any

from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._common.arrays import TensorLike, shape_of


def find(cache: AttentionCache, layer: int) -> Any:
    """The attention module of the layer, by the name in `cache.module`; None if there is no model, or no module of that name."""
    module: Any = cache.model
    try:
        for step in cache.module.format(layer=layer).split("."):
            module = module[int(step)] if step.isdigit() else getattr(module, step)
    except (AttributeError, IndexError, KeyError, TypeError, RuntimeError):
        return None
    return module


def output_weights(cache: AttentionCache, layer: int) -> TensorLike | None:
    """W_O of the layer, [head, d_head, d_model]; None without a model that has it."""
    try:
        weights = find(cache, layer).W_O
    except (AttributeError, IndexError, KeyError, TypeError, RuntimeError):
        return None
    shape = shape_of(weights, "W_O")
    return weights if len(shape) == 3 and shape[0] == cache.n_heads(layer) else None


def require_output_weights(cache: AttentionCache, layer: int) -> TensorLike:
    """As `output_weights`. Raises ValueError without a model that has them."""
    weights = output_weights(cache, layer)
    if weights is None:
        module = cache.module.format(layer=layer)
        raise ValueError(
            f"model: W_O of {module} is needed, [head, d_head, d_model]; pass the model that made the cache"
        )
    return weights


def divisors(cache: AttentionCache, layer: int) -> list[float]:
    """Divisors of q·k according to the configuration and the module, the most likely first; some may be wrong.

    A bridge's configuration has no scale; the Hugging Face module that it wraps has one, under various names.
    """
    config, module = getattr(cache.model, "cfg", None), find(cache, layer)
    if getattr(config, "use_attn_scale", True) is False:
        return [1.0]
    wrapped = getattr(module, "original_component", None)
    factors = [_positive(getattr(wrapped, name, None)) for name in ("scaling", "softmax_scale", "inv_norm_factor")]
    scales = [_positive(getattr(owner, "attn_scale", None)) for owner in (module, config)]
    configured = [1.0 / factor for factor in factors if factor is not None] + [s for s in scales if s is not None]
    return list(dict.fromkeys(configured))


def soft_cap(cache: AttentionCache) -> float | None:
    """The configuration's soft cap of the scores, or None."""
    return _positive(getattr(getattr(cache.model, "cfg", None), "attn_scores_soft_cap", None))


def _positive(value: Any) -> float | None:
    """`value` as a float if it is a finite number above 0. Configurations write -1 for "none"."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0.0 < number < math.inf else None
