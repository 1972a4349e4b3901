"""What a block multiplies the outputs of its attention and its MLP by before it adds them to the residual stream.

Most models add them as they are; Falcon-H1 multiplies its attention's output behind the hook that caches it. A block's change of
the stream is then a sum of its modules' cached outputs with constant factors, and least squares finds those from the cache.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from circuitsvis._cache.activations import Activations, Rows
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_names import MODULE_OUTPUT
from circuitsvis._common.arrays import Float64, shape_of
from circuitsvis._common.rounding import unit_roundoff

NORMS = ("ln1", "ln2", "ln1_post", "ln2_post")
"""Names of norms in a block."""

_NO_BRANCH = ("attn", "mlp", *NORMS)
"""Modules of a block whose outputs are no branch beside attention and MLP."""

_ROUNDINGS = 4.0
"""Roundings of the stream and of the outputs that may add up in the comparison."""


class BlockFactors(NamedTuple):
    """Factors of hook_attn_out and hook_mlp_out, and the module that writes beside them (None for none)."""

    attention: float = 1.0
    mlp: float = 1.0
    branch: str | None = None


def find(
    cache: AttentionCache, layer: int, index: int, rows: Rows, stream: tuple[Float64, Float64], parts: Sequence[Float64]
) -> BlockFactors:
    """The factors of one layer, 1 where the cached outputs do not add up to the block's change with any.

    Args:
        cache: the activations.
        layer: its number.
        index: of the sequence.
        rows: positions that are compared.
        stream: [row, d_model] before and behind the block.
        parts: hook_attn_out and, where the layer has one, hook_mlp_out; [row, d_model] each.
    """
    before, after = stream
    if adds_up(parts, before, after):
        return BlockFactors()
    branches = list(_branches(cache, layer, index, rows, after.shape))
    factors = solve([*parts, *(output for _, output in branches)], before, after)
    if factors is None:
        return BlockFactors()
    adds = [name for (name, _), factor in zip(branches, factors[len(parts) :], strict=True) if factor != 0.0]
    return BlockFactors(factors[0], factors[1] if len(parts) > 1 else 1.0, adds[0] if len(adds) == 1 else None)


def adds_up(outputs: Sequence[Float64], before: Float64, after: Float64) -> bool:
    """Whether a block's outputs, [row, d_model] each, are what it added to the stream, within rounding."""
    difference, magnitude = after - before, np.linalg.norm(before) + np.linalg.norm(after)
    for output in outputs:
        difference -= output
        magnitude += np.linalg.norm(output)
    return bool(np.linalg.norm(difference) <= _ROUNDINGS * unit_roundoff(after.astype(np.float32)) * magnitude)


def solve(outputs: Sequence[Float64], before: Float64, after: Float64) -> list[float] | None:
    """The factors with which outputs sum to after - before; None where none do within rounding, or too few rows show them.

    Args:
        outputs: [row, d_model] each, of a block's modules.
        before, after: the stream before and behind the block, [row, d_model].
    """
    change = (after - before).ravel()
    columns = np.stack([output.ravel() for output in outputs], axis=1)
    if len(change) < 4 * columns.shape[1]:
        return None
    solution = np.linalg.lstsq(columns, change, rcond=None)[0]
    lengths = np.linalg.norm(columns, axis=0)
    roundoff = max(unit_roundoff(after.astype(np.float32)), *(unit_roundoff(o.astype(np.float32)) for o in outputs))
    allowed = _ROUNDINGS * roundoff * (np.linalg.norm(before) + np.linalg.norm(after) + lengths.sum())
    if np.linalg.norm(columns @ solution - change) > allowed:
        return None
    uncertain = np.divide(allowed, lengths, out=np.full(len(lengths), np.inf), where=lengths > 0.0)
    return [_exact(float(factor), float(error)) for factor, error in zip(solution, uncertain, strict=True)]


def _branches(
    cache: AttentionCache, layer: int, index: int, rows: Rows, shape: tuple[int, ...]
) -> Iterator[tuple[str, Float64]]:
    """Names and outputs of the block's other modules whose outputs are cached and as wide as the stream."""
    before, after = MODULE_OUTPUT.at(layer, module="|").split("|")
    activations = Activations(cache)
    for name, tensor in cache.tensors.items():
        module = name.removeprefix(before).removesuffix(after)
        if name != f"{before}{module}{after}" or "." in module or module in _NO_BRANCH:
            continue
        if shape_of(tensor, name)[-1] != shape[-1]:
            continue
        output = activations.rows(name, index, rows)
        if output.shape == shape and output.any():
            yield module, output


def _exact(factor: float, error: float) -> float:
    """1 or 0 where the factor is that within its error."""
    return next((value for value in (1.0, 0.0) if abs(factor - value) <= error), factor)
