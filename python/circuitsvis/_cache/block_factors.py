"""Constants by which a block multiplies the outputs of its attention and its MLP before it adds them to the residual stream.

Most blocks add them unchanged. Falcon-H1 multiplies its attention's output after the hook that caches it. The change of the
stream is then a sum of cached outputs times constants, which least squares finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from circuitsvis._cache.activations import Activations, Rows
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_names import ATTN_OUT, MLP_OUT, MODULE_OUTPUT, RESID_POST, RESID_PRE
from circuitsvis._common.arrays import Float64, shape_of
from circuitsvis._common.rounding import unit_roundoff

NORMS = ("ln1", "ln2", "ln1_post", "ln2_post")
"""Names of norms in a block."""

_NO_BRANCH = ("attn", "mlp", *NORMS)
"""Modules of a block whose outputs are not branches beside attention and MLP."""

_MAX_ROUNDINGS = 4.0
"""Rounding errors of the stream and of the outputs that may add up in a comparison."""

_MIN_EQUATIONS = 4
"""Numbers of the stream per unknown factor that a fit needs."""


class BlockFactors(NamedTuple):
    """Factors of the outputs of attention and MLP, and the name of a module that adds to the stream beside them, if any."""

    attention: float = 1.0
    mlp: float = 1.0
    branch: str | None = None


def find(cache: AttentionCache, layer: int, index: int, *, has_mlp: bool) -> BlockFactors:
    """The factors of one layer in one sequence; 1 if no factors make the cached outputs add up to the change of the stream.

    Args:
        cache: the activations.
        layer: number of the layer.
        index: index of the sequence in the batch.
        has_mlp: whether the layer has an MLP.
    """
    activations = Activations(cache)
    hooks = [ATTN_OUT.at(layer)] + [MLP_OUT.at(layer)] * has_mlp
    if not all(activations.has(hook) for hook in hooks):
        return BlockFactors()
    before_hook = RESID_PRE.at(layer)
    if not activations.has(before_hook) and layer > 0:
        before_hook = RESID_POST.at(layer - 1)
    rows = activations.sample(activations.length(hooks[0]))
    for hook in (*hooks, before_hook, RESID_POST.at(layer)):  # padding may hold NaN
        rows = rows[activations.are_finite(hook, index, rows)]
    if len(rows) == 0:
        return BlockFactors()
    outputs = [activations.rows(hook, index, rows) for hook in hooks]
    before = activations.rows_if_cached(before_hook, index, rows)
    after = activations.rows_if_cached(RESID_POST.at(layer), index, rows)
    if before is None or after is None or before.shape != outputs[0].shape or adds_up(outputs, before, after):
        return BlockFactors()
    branches = list(_branches(cache, layer, index, rows, after.shape))
    factors = solve([*outputs, *(output for _, output in branches)], before, after)
    if factors is None:
        return BlockFactors()
    added = [name for (name, _), factor in zip(branches, factors[len(outputs) :], strict=True) if factor != 0.0]
    return BlockFactors(factors[0], factors[1] if has_mlp else 1.0, added[0] if len(added) == 1 else None)


def adds_up(outputs: Sequence[Float64], before: Float64, after: Float64) -> bool:
    """Whether outputs, [row, d_model] each, sum to after - before within rounding."""
    difference, magnitude = after - before, np.linalg.norm(before) + np.linalg.norm(after)
    for output in outputs:
        difference -= output
        magnitude += np.linalg.norm(output)
    return bool(np.linalg.norm(difference) <= _MAX_ROUNDINGS * unit_roundoff(after.astype(np.float32)) * magnitude)


def solve(outputs: Sequence[Float64], before: Float64, after: Float64) -> list[float] | None:
    """Factors with which outputs sum to after - before within rounding; None if there are none, or too few rows to find them.

    Args:
        outputs: [row, d_model] each, of modules of one block.
        before, after: the stream before and after the block, [row, d_model].
    """
    change = (after - before).ravel()
    columns = np.stack([output.ravel() for output in outputs], axis=1)
    if len(change) < _MIN_EQUATIONS * columns.shape[1]:
        return None
    solution = np.linalg.lstsq(columns, change, rcond=None)[0]
    lengths = np.linalg.norm(columns, axis=0)
    roundoff = max(unit_roundoff(after.astype(np.float32)), *(unit_roundoff(o.astype(np.float32)) for o in outputs))
    allowed = _MAX_ROUNDINGS * roundoff * (np.linalg.norm(before) + np.linalg.norm(after) + lengths.sum())
    if np.linalg.norm(columns @ solution - change) > allowed:
        return None
    uncertainty = np.divide(allowed, lengths, out=np.full(len(lengths), np.inf), where=lengths > 0.0)
    return [_exact(float(factor), float(error)) for factor, error in zip(solution, uncertainty, strict=True)]


def _branches(
    cache: AttentionCache, layer: int, index: int, rows: Rows, shape: tuple[int, ...]
) -> Iterator[tuple[str, Float64]]:
    """Names and outputs of the block's other modules whose cached outputs are as wide as the stream and not all zero."""
    prefix, suffix = MODULE_OUTPUT.at(layer, module="|").split("|")
    activations = Activations(cache)
    for name, tensor in cache.tensors.items():
        module = name.removeprefix(prefix).removesuffix(suffix)
        if name != f"{prefix}{module}{suffix}" or "." in module or module in _NO_BRANCH:
            continue
        if shape_of(tensor, name)[-1] != shape[-1]:
            continue
        output = activations.rows(name, index, rows)
        if output.shape == shape and output.any():
            yield module, output


def _exact(factor: float, error: float) -> float:
    """1 or 0 if the factor is within `error` of it, else the factor."""
    return next((value for value in (1.0, 0.0) if abs(factor - value) <= error), factor)
