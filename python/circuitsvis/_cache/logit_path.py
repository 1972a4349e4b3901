"""Checks that the logits of a cached run are a linear function of what the components write: blocks, final norm, unembedding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from circuitsvis._cache import block_factors, final_norm, model_attributes, norm_weights
from circuitsvis._cache.activations import Activations
from circuitsvis._cache.hook_cache import HookCache
from circuitsvis._cache.hook_names import (
    ATTN_OUT,
    FINAL_NORM_INPUT,
    FINAL_NORM_OUTPUT,
    FIRST_NORM_INPUT,
    MLP_OUT,
    RESID_POST,
    RESID_PRE,
    UNEMBED_INPUT,
)
from circuitsvis._cache.norm_weights import NormWeights
from circuitsvis._common.arrays import Float64
from circuitsvis._common.rounding import unit_roundoff

_UNIT_TOLERANCE = 1e-3
"""How far the root mean square of a norm's output may be from 1, because of the norm's epsilon."""


def check(
    cache: HookCache,
    index: int,
    norm: NormWeights | None,
    has_mlp: Callable[[int], bool],
    *,
    over_vocabulary: bool,
) -> None:
    """Raises ValueError if one sequence of the cache shows that a logit is not a sum over what the components write.

    Args:
        cache: the activations, with the model.
        index: index of the sequence in the batch.
        norm: the final norm.
        has_mlp: whether a layer has an MLP.
        over_vocabulary: whether logits are attributed, so that the unembedding is checked too.
    """
    activations = Activations(cache)
    reason = (
        _blocks_do_not_add(activations, cache.model, cache.n_layers, index, has_mlp)
        or _other_norm_input(activations, cache, index)
        or _other_norm(activations, cache, norm, index)
    )
    if reason is None and over_vocabulary:
        reason = _other_unembedding_input(activations, cache, index)
    if reason is not None:
        raise ValueError(
            "model: attribution needs logits that are a sum over what the components write, "
            f"but in {model_attributes.name(cache.model)} {reason}"
        )


def other_readout(cache: HookCache, index: int, norm: NormWeights | None) -> str | None:
    """Why the logits of one sequence are not the unembedding of the final norm of the last stream; None if nothing shows that.

    Args:
        cache: the activations, with the model.
        index: index of the sequence in the batch.
        norm: the final norm.
    """
    activations = Activations(cache)
    return (
        _other_norm_input(activations, cache, index)
        or _other_norm(activations, cache, norm, index)
        or _other_unembedding_input(activations, cache, index)
    )


def check_blocks_add(cache: HookCache, index: int, has_mlp: Callable[[int], bool]) -> None:
    """Raises ValueError if one sequence of the cache shows that the residual stream is not a sum of what the blocks write."""
    reason = _blocks_do_not_add(Activations(cache), cache.model, cache.n_layers, index, has_mlp)
    if reason is not None:
        raise ValueError(
            "model: the parts of a score need a residual stream that is a sum of what the components write, "
            f"but in {model_attributes.name(cache.model)} {reason}"
        )


def _differ(a: Float64, b: Float64) -> bool:
    """Whether the difference of two arrays is too large for rounding in any precision."""
    return a.shape != b.shape or bool(np.linalg.norm(a - b) > final_norm.DIFFERENT * np.linalg.norm(b))


def _blocks_do_not_add(
    activations: Activations, model: Any, n_layers: int, index: int, has_mlp: Callable[[int], bool]
) -> str | None:
    """Why the stream is not a sum of what the blocks write: a block normalises or multiplies the stream itself.

    A block that only adds the output of a further module is accepted, because that output becomes a part of its own.
    """
    n_tested, n_normalised = 0, 0
    for layer in range(n_layers):
        parts = [activations.sampled(hook.at(layer), index) for hook in (RESID_PRE, ATTN_OUT, MLP_OUT)]
        before, after = parts[0], activations.sampled(RESID_POST.at(layer), index)
        present = [part for part in parts if part is not None]
        if before is not None and after is not None and len(present) == len(parts) - (not has_mlp(layer)):
            n_tested += 1
            if _differ(np.sum(present, axis=0), after) and block_factors.solve(present[1:], before, after) is None:
                factors = block_factors.solve(present, np.zeros_like(after), after)
                if factors is not None and factors[0] != 1.0:
                    return f"block {layer} multiplies the residual stream by {factors[0]:.4g}"
                n_normalised += _is_output_of_a_norm(model, layer, after)
            continue
        norm_input = activations.sampled(FIRST_NORM_INPUT.at(layer), index)
        if before is not None and norm_input is not None and _differ(before, norm_input):
            return "the first norm of a block does not read the residual stream (post-norm blocks)"
    if n_tested and n_normalised == n_tested:
        return "no block adds its outputs to the residual stream: it normalises or scales the sum (post-norm blocks)"
    return None


def _is_output_of_a_norm(model: Any, layer: int, stream: Float64) -> bool:
    """Whether the stream after a block, [position, d_model], may be the output of one of the block's norms.

    Without gain and bias, each row of a norm's output has a root mean square of 1, and after a LayerNorm a mean of 0.
    """
    block = model_attributes.block(model, layer)
    tolerance = max(_UNIT_TOLERANCE, 4.0 * unit_roundoff(stream.astype(np.float32)))
    for norm in filter(None, (norm_weights.read(model, block, name) for name in block_factors.NORMS)):
        for variant in norm.variants():
            gain = 1.0 if variant.gain is None else variant.gain
            bias = 0.0 if variant.bias is None else variant.bias
            if np.shape(gain) not in ((), stream.shape[1:]) or not np.all(gain):
                continue
            rows = (stream - bias) / gain
            mean, root_mean_square = rows.mean(-1), np.sqrt((rows**2).mean(-1))
            has_mean = not variant.centre or bool(np.all(np.abs(mean) < tolerance))
            if has_mean and np.all(np.abs(root_mean_square - 1.0) < tolerance):
                return True
    return False


def _other_norm_input(activations: Activations, cache: HookCache, index: int) -> str | None:
    """Why the final norm's input is not the residual stream after the last block."""
    stream = activations.whole(final_norm.last_stream(cache), index)
    norm_input = activations.whole(FINAL_NORM_INPUT.name, index)
    if stream is not None and norm_input is not None and _differ(stream, norm_input):
        return "the final norm does not read the residual stream: another layer lies between, or a hook changed it"
    return None


def _other_norm(activations: Activations, cache: HookCache, norm: NormWeights | None, index: int) -> str | None:
    """Why the final norm's cached output is not that of a LayerNorm or RMSNorm with the module's parameters."""
    if norm is None:
        return None
    x, y = activations.whole(FINAL_NORM_INPUT.name, index), activations.whole(FINAL_NORM_OUTPUT.name, index)
    is_other = x is not None and y is not None and _differ(norm.at(norm.divisors(x)).apply(x), y)
    if y is None and final_norm.readings(cache, index, norm):
        is_other = final_norm.normalized(cache, index, norm) is None
    if not is_other:
        return None
    return (
        "the output of the final norm in the cache is not what a LayerNorm or RMSNorm with the gain and bias of its module "
        "gives: the norm is of another kind, or a hook changed its output"
    )


def _other_unembedding_input(activations: Activations, cache: HookCache, index: int) -> str | None:
    """Why the unembedding's input is not the final norm's output, from the data, else from the order of the model's modules."""
    between = _modules_before_unembedding(cache.model)
    listed = f" ({', '.join(between)})" if between else ""
    unembedding_input = activations.whole(UNEMBED_INPUT.name, index)
    hook = FINAL_NORM_OUTPUT.name if activations.has(FINAL_NORM_OUTPUT.name) else final_norm.last_stream(cache)
    output = activations.whole(hook, index)
    if unembedding_input is None:
        return f"a module lies between the final norm and the unembedding{listed}" if between else None
    if output is None or (hook != FINAL_NORM_OUTPUT.name and final_norm.configured(cache)):
        return None
    if _differ(output, unembedding_input):
        reason = (
            f"another layer lies between{listed}" if between else "another layer lies between, or a hook changed it"
        )
        return f"the unembedding does not read what the final norm writes: {reason}"
    return None


def _modules_before_unembedding(model: Any) -> list[str]:
    """Names of the model's modules between the final norm and the unembedding, in their order in the model."""
    children = model_attributes.attribute(model, "named_children")
    names = [name for name, _ in children()] if callable(children) else []
    if "ln_final" not in names or "unembed" not in names:
        return []
    start, end = names.index("ln_final") + 1, names.index("unembed")
    return [name for name in names[start:end] if not name.startswith(("hook_", "_"))]
