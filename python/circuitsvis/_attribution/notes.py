"""Sentences for the page on unusual steps and differences that an attribution found in the data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from circuitsvis._attribution.result import Part
from circuitsvis._cache.head_outputs import HeadOutputs, names, scaled
from circuitsvis._cache.hook_names import ATTN_OUT, HEAD_OUTPUTS
from circuitsvis._common.arrays import FloatArray

_NOTABLE_SHARE = 1e-3
"""Share of the logit from which an unaccounted part gets a note, if rounding does not explain it."""

_NOTABLE_ROUNDING = 3.2
"""The unaccounted part that rounding may explain, in relative rounding errors of a sum of the cached numbers. bfloat16 caches
show up to 1.3 of them (0.02 of a logit)."""


def layer(number: int, outputs: HeadOutputs, *, has_remainder: bool) -> list[str]:
    """Notes on what lies between pattern · v and the residual stream in one layer.

    Args:
        number: the layer.
        outputs: outputs of its heads.
        has_remainder: whether the attention wrote more than its heads and bias.
    """
    notes = []
    if outputs.gate is not None and outputs.gate.shape[-1] > 1:
        notes.append(
            f"Layer {number}: the model multiplies each dimension of the heads' outputs by a gate of the destination before W_O. "
            "The values shown include it."
        )
    factor = scaled(number, outputs)
    if factor is not None:
        notes.append(f"{factor}. The values shown include it.")
    if outputs.differing:
        notes.append(
            f"Layer {number}: the output of {names(number, outputs.differing)} that W_O reads ({HEAD_OUTPUTS.short}) is not pattern · v. "
            f'The values shown are those of pattern · v; the difference is in "Attn remainder {number}".'
        )
    elif has_remainder:
        notes.append(
            f"Layer {number}: the heads and their bias do not add up to {ATTN_OUT.short}; the difference is "
            f'"Attn remainder {number}".'
        )
    return notes


def factors(factor_of_layer: Mapping[int, float]) -> list[str]:
    """Notes on layers whose attention is multiplied by a factor on its way into the stream, one note per factor."""
    layers: dict[str, list[str]] = {}
    for number, factor in factor_of_layer.items():
        layers.setdefault(f"{factor:.3g}", []).append(str(number))
    return [
        f"Layer{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}: what the heads wrote is multiplied by {factor} before it "
        "reaches the residual stream. The values shown include it."
        for factor, numbers in layers.items()
    ]


def unaccounted(parts: Sequence[Part], total: FloatArray, rounding: float) -> list[str]:
    """A note where the parts lack more of the logit than rounding explains.

    Args:
        parts: all parts of the sequence.
        total: [dest], the logit.
        rounding: relative rounding error of a sum of the cached numbers.
    """
    values = next((part.values for part in parts if part.kind == "unaccounted"), None)
    if values is None:
        return []
    largest = float(np.abs(values).max())
    if largest <= max(_NOTABLE_SHARE, _NOTABLE_ROUNDING * rounding) * max(1.0, float(np.abs(total).max())):
        return []
    return [
        f"Up to {largest:.3g} of the logit is unaccounted for: something else wrote to the residual stream or changed the logit, "
        "for example a hook; the cache is of another model; or it was rounded after the forward pass."
    ]


NO_LOGIT = (
    "The cache holds neither the last residual stream nor the output of the final norm: the logit shown is the sum of the "
    "parts, and what else the model may have written is not in it."
)
