"""Whether the logits are a linear function of what a model's components write, checked on the cache: norm, blocks, unembedding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from circuitsvis._cache import block_factors, model_weights
from circuitsvis._cache.activations import Activations
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_names import (
    ATTN_OUT,
    FINAL_NORM_INPUT,
    FINAL_NORM_NORMALIZED,
    FINAL_NORM_OUTPUT,
    FIRST_NORM_INPUT,
    MLP_OUT,
    RESID_POST,
    RESID_PRE,
    UNEMBED_INPUT,
)
from circuitsvis._cache.model_weights import NormWeights
from circuitsvis._common.arrays import Float64
from circuitsvis._common.rounding import unit_roundoff

_DIFFERENT = 0.05
"""Relative difference that is no rounding, not even of bfloat16 (0.004 per operation)."""


def final_norm(cache: AttentionCache) -> NormWeights | None:
    """Gain, bias and centring of the final norm: those that lead from its cached input to its cached output, else the module's.

    None where the model has no final norm.
    """
    configured = model_weights.norm(cache.model, cache.model, "ln_final")
    activations = Activations(cache)
    reads = next((hook for hook in (FINAL_NORM_INPUT.name, _last(cache)) if activations.has(hook)), None)
    if configured is None or reads is None or not activations.has(FINAL_NORM_OUTPUT.name):
        return configured
    rows = activations.sample(activations.length(reads))
    x, y = activations.rows(reads, 0, rows), activations.rows(FINAL_NORM_OUTPUT.name, 0, rows)
    if x.shape != y.shape:
        return configured
    errors = [float(np.linalg.norm(one.at(one.divisors(x)).apply(x) - y)) for one in configured.variants()]
    best = int(np.argmin(errors))
    as_good = errors[0] <= 2.0 * errors[best] + 1e-6 * float(np.linalg.norm(y))
    return configured if as_good else configured.variants()[best]


def check(
    cache: AttentionCache,
    index: int,
    norm: NormWeights | None,
    has_mlp: Callable[[int], bool],
    *,
    over_vocabulary: bool,
) -> None:
    """Raises ValueError where sequence `index` of the cache shows that a logit is no sum over what the components write.

    Args:
        cache: with the model.
        index: of the sequence.
        norm: the final norm.
        has_mlp: whether a layer has an MLP.
        over_vocabulary: whether the direction is one of logits, so that the unembedding counts too.
    """
    activations = Activations(cache)
    reason = _blocks_do_not_add(activations, cache.model, cache.n_layers, index, has_mlp) or _other_input(
        activations, cache, index
    )
    reason = reason or _other_norm(activations, cache, norm, index)
    if reason is None and over_vocabulary:
        reason = _before_unembedding(activations, cache, index)
    if reason is not None:
        raise ValueError(
            "model: attribution needs logits that are a sum over what the components write, "
            f"but in {model_weights.name(cache.model)} {reason}"
        )


def differ(a: Float64, b: Float64) -> bool:
    """Whether two arrays are too different for rounding, of any precision."""
    return a.shape != b.shape or bool(np.linalg.norm(a - b) > _DIFFERENT * np.linalg.norm(b))


def _blocks_do_not_add(
    activations: Activations, model: Any, n_layers: int, index: int, has_mlp: Callable[[int], bool]
) -> str | None:
    """Why the stream is not a sum of what the blocks write: a block that normalises or scales the stream itself.

    A block that only adds a further branch is fine: the branch is a part of its own.
    """
    tested, replaced = 0, 0
    for layer in range(n_layers):
        parts = [activations.sampled(hook.at(layer), index) for hook in (RESID_PRE, ATTN_OUT, MLP_OUT)]
        before, after = parts[0], activations.sampled(RESID_POST.at(layer), index)
        present = [part for part in parts if part is not None]
        if before is not None and after is not None and len(present) == len(parts) - (not has_mlp(layer)):
            tested += 1
            total = np.sum(present, axis=0)
            if differ(total, after) and block_factors.solve(present[1:], before, after) is None:
                factors = block_factors.solve(present, np.zeros_like(after), after)
                if factors is not None and factors[0] != 1.0:
                    return f"block {layer} multiplies the residual stream by {factors[0]:.4g}"
                replaced += _is_output_of_a_norm(model, layer, after)
            continue
        reads = activations.sampled(FIRST_NORM_INPUT.at(layer), index)
        if before is not None and reads is not None and differ(before, reads):
            return "the first norm of a block does not read the residual stream (post-norm blocks)"
    if tested and replaced == tested:
        return "no block adds its outputs to the residual stream: it normalises or scales the sum (post-norm blocks)"
    return None


def _is_output_of_a_norm(model: Any, layer: int, stream: Float64) -> bool:
    """Whether the stream behind a block, [position, d_model], is what one of the block's norms writes.

    Without its gain and bias, each row of a norm's output has a root mean square of 1, and of a LayerNorm's a mean of 0.
    """
    try:
        block = model.blocks[layer]
    except (AttributeError, TypeError, IndexError, KeyError):
        return False
    tolerance = max(1e-3, 4.0 * unit_roundoff(stream.astype(np.float32)))
    for norm in filter(None, (model_weights.norm(model, block, name) for name in block_factors.NORMS)):
        for weights in norm.variants():
            gain, bias = (
                (1.0 if weights.gain is None else weights.gain),
                (0.0 if weights.bias is None else weights.bias),
            )
            if np.shape(gain) not in ((), stream.shape[1:]) or not np.all(gain):
                continue
            rows = (stream - bias) / gain
            mean, size = rows.mean(-1), np.sqrt((rows**2).mean(-1))
            if np.all(np.abs(size - 1.0) < tolerance) and (not weights.centre or np.all(np.abs(mean) < tolerance)):
                return True
    return False


def _other_input(activations: Activations, cache: AttentionCache, index: int) -> str | None:
    last, reads = activations.whole(_last(cache), index), activations.whole(FINAL_NORM_INPUT.name, index)
    if last is not None and reads is not None and differ(last, reads):
        return "the final norm does not read the residual stream: another layer lies between, or a hook changed it"
    return None


def normalized(cache: AttentionCache, index: int, norm: NormWeights | None) -> Float64 | None:
    """What the final norm writes, [position, d_model], from hook_normalized, the only hook that TransformerLens 2 has there.

    Some classes cache it before gain and bias. Both readings are compared with what the norm makes of its input; a hook may
    have changed some positions, so the reading counts that is right for half of them. None where neither is.
    """
    readings = _readings(Activations(cache), cache, index, norm)
    difference, output = min(readings, key=lambda reading: reading[0], default=(np.inf, None))
    return output if difference <= _DIFFERENT else None


def _readings(
    activations: Activations, cache: AttentionCache, index: int, norm: NormWeights | None
) -> list[tuple[float, Float64]]:
    """Readings of hook_normalized as the norm's output, with the median of the positions' relative differences."""
    x, y = activations.whole(_last(cache), index), activations.whole(FINAL_NORM_NORMALIZED.name, index)
    if norm is None or x is None or y is None or x.shape != y.shape:
        return []
    expected = norm.at(norm.divisors(x)).apply(x)
    with_gain = y * (1.0 if norm.gain is None else norm.gain) + (0.0 if norm.bias is None else norm.bias)
    lengths = np.linalg.norm(expected, axis=-1)
    return [
        (float(np.median(np.linalg.norm(reading - expected, axis=-1) / lengths)), reading) for reading in (y, with_gain)
    ]


def _other_norm(activations: Activations, cache: AttentionCache, norm: NormWeights | None, index: int) -> str | None:
    if norm is None:
        return None
    x, y = activations.whole(FINAL_NORM_INPUT.name, index), activations.whole(FINAL_NORM_OUTPUT.name, index)
    other = x is not None and y is not None and differ(norm.at(norm.divisors(x)).apply(x), y)
    if y is None and _readings(activations, cache, index, norm):
        other = normalized(cache, index, norm) is None
    if not other:
        return None
    return (
        "the output of the final norm in the cache is not what a LayerNorm or RMSNorm with the gain and bias of its module "
        "gives: the norm is of another kind, or a hook changed its output"
    )


def _before_unembedding(activations: Activations, cache: AttentionCache, index: int) -> str | None:
    """What lies between the final norm and W_U, from the data, else from the order of the model's modules."""
    between = _modules_between(cache.model)
    listed = f" ({', '.join(between)})" if between else ""
    reads = activations.whole(UNEMBED_INPUT.name, index)
    hook = FINAL_NORM_OUTPUT.name if activations.has(FINAL_NORM_OUTPUT.name) else _last(cache)
    output = activations.whole(hook, index)
    if reads is None:
        return f"a module lies between the final norm and the unembedding{listed}" if between else None
    if output is None or (hook != FINAL_NORM_OUTPUT.name and model_weights.norm(cache.model, cache.model, "ln_final")):
        return None
    if differ(output, reads):
        reason = (
            f"another layer lies between{listed}" if between else "another layer lies between, or a hook changed it"
        )
        return f"the unembedding does not read what the final norm writes: {reason}"
    return None


def _modules_between(model: Any) -> list[str]:
    children = model_weights.attribute(model, "named_children")
    names = [name for name, _ in children()] if callable(children) else []
    if "ln_final" not in names or "unembed" not in names:
        return []
    start, end = names.index("ln_final") + 1, names.index("unembed")
    return [name for name in names[start:end] if not name.startswith(("hook_", "_"))]


def _last(cache: AttentionCache) -> str:
    return RESID_POST.at(cache.n_layers - 1)
