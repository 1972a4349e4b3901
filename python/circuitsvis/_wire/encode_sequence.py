"""One sequence's matrices to the props of one sequence: looks at the data once, chooses layout and scale, encodes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import Bools, later_sources
from circuitsvis._wire import causality, fixed_point, preview
from circuitsvis._wire.props.attention import AttentionSequence, WeightedType
from circuitsvis._wire.props.tensor import Dtype

Precision: TypeAlias = Literal[8, 16]

_ROW_SUM_TOLERANCE = 0.02
"""How far a row of probabilities may be from summing to 1: bfloat16 patterns are up to 0.003 off."""


@dataclass(frozen=True)
class Content:
    """What one sequence shows, before encoding.

    Attributes:
        label: HTML for the batch selector.
        dest_tokens, src_tokens: text per position; src_tokens None where they are the same.
        attention: one [dest, src] float32 per head, NaN allowed.
        weights: by attention type [head, src] in [0, 1].
        dest_positions: of the destinations among the sources, None where every position is one.
        self_attention: whether destinations and sources are known to be positions of one sequence.
    """

    label: str
    dest_tokens: tuple[str, ...]
    src_tokens: tuple[str, ...] | None
    attention: Sequence[FloatArray]
    weights: Mapping[WeightedType, FloatArray] = field(default_factory=dict)
    dest_positions: tuple[int, ...] | None = None
    self_attention: bool = False


@dataclass(frozen=True)
class Facts:
    """What was found in the data: `low` <= 0 <= `high`, and whether every row is a probability distribution."""

    low: float
    high: float
    distributions: bool


def encode(
    content: Content, names: Sequence[str], *, thumbnails: bool = True, precision: Precision = 16
) -> tuple[AttentionSequence, Facts]:
    """The props of one sequence and what the colour scale needs to know.

    Args:
        content: the sequence; its arrays are only read.
        names: what error messages call the values of each head, e.g. "attention: Head 0".
        thumbnails: whether to add the preview.
        precision: bits per value.

    Raises:
        ValueError: an infinite value.
    """
    arrays = [np.ascontiguousarray(array) for array in content.attention]
    dest, src = arrays[0].shape
    later = later_sources(dest, src) if 1 < dest <= src else None
    looks = [_look(array, later, name) for array, name in zip(arrays, names, strict=True)]
    low, high = min(look.low for look in looks), max(look.high for look in looks)
    magnitudes = [max(-look.low, look.high) for look in looks]
    signed, gaps = low < 0.0, any(look.gaps for look in looks)
    positions = _positions(content, arrays)
    one_sequence = content.src_tokens is None or positions == tuple(range(src - dest, src))
    forward = any(look.forward for look in looks)
    causal = later is not None and one_sequence and causality.is_causal(arrays, forward=forward)
    block = preview.block_size(dest, src, len(arrays)) if thumbnails else (1, 1)
    pooled = preview.preview(arrays, block, causal=causal, signed=signed, gaps=gaps) if thumbnails else None
    dtype: Dtype = "uint8" if precision == 8 else "uint16"
    props = AttentionSequence(
        label=content.label,
        dest_tokens=content.dest_tokens,
        src_tokens=content.src_tokens,
        dest_positions=None if positions == tuple(range(src)) else positions,
        attention=fixed_point.matrices(arrays, magnitudes, dtype, layout="causal" if causal else "full", signed=signed),
        preview=fixed_point.stack(pooled, magnitudes, "uint8", signed=signed) if pooled is not None else None,
        preview_block=block,
        weights={
            name: fixed_point.stack(weights, [1.0] * len(weights), "uint16", signed=False)
            for name, weights in content.weights.items()
        },
    )
    return props, Facts(low, high, not signed and all(look.distributions for look in looks))


def _positions(content: Content, arrays: Sequence[FloatArray]) -> tuple[int, ...] | None:
    """Where the destinations stand among the sources: as given, else where tokens and data show it."""
    if content.dest_positions is not None or content.src_tokens is None:
        return content.dest_positions
    if len(content.dest_tokens) > len(content.src_tokens):
        return None
    return causality.positions_among_sources(
        content.dest_tokens, content.src_tokens, arrays, self_attention=content.self_attention
    )


class _Look(NamedTuple):
    """One head: min(0, lowest), max(0, highest); whether it has NaN, attends forward, has distributions as rows."""

    low: float
    high: float
    gaps: bool
    forward: bool
    distributions: bool


def _look(array: FloatArray, later: Bools | None, name: str) -> _Look:
    """`later`: the cells of later sources; None where the pattern has none or more destinations than sources."""
    low, high = float(array.min()), float(array.max())
    gaps = math.isnan(low) or math.isnan(high)
    if gaps:
        low, high = (float(pick.reduce(array, axis=None, initial=0.0)) for pick in (np.fmin, np.fmax))
    if math.isinf(low) or math.isinf(high):
        q, k = np.argwhere(np.isinf(array))[0]
        raise ValueError(
            f"{name}: values must be NaN or finite in float32 (at most 3.4e38), got {array[q, k]} at destination {q}, source {k}; "
            "put NaN where there is no value (as for -inf in masked scores), and divide larger values by a constant"
        )
    clean = np.nan_to_num(array) if gaps else array
    forward = later is None or bool(np.logical_and(clean, later).any())
    return _Look(min(0.0, low), max(0.0, high), gaps, forward, low >= 0.0 and _rows_sum_to_one(clean))


def _rows_sum_to_one(array: FloatArray) -> bool:
    """Whether each row is a distribution; rows of zeros (padding, nothing to see) do not count."""
    sums = array.sum(axis=-1)
    if np.abs(sums - 1.0).max() <= _ROW_SUM_TOLERANCE:
        return True
    return bool(np.all((np.abs(sums - 1.0) <= _ROW_SUM_TOLERANCE) | (sums == 0.0)) and np.any(sums > 0.0))
