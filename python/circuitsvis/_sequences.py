"""One sequence's matrices to the props of one sequence: looks at the data once, chooses layout and scale, encodes."""

from __future__ import annotations

from collections.abc import Sequence as Seq
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from circuitsvis import _encode, _preview
from circuitsvis._arrays import FloatArray
from circuitsvis._explain import Explanation
from circuitsvis._props import Sequence, Tensor

_ROW_SUM_TOLERANCE = 0.02
"""How far a row of probabilities may be from summing to 1: bfloat16 patterns are up to 0.003 off."""


@dataclass(frozen=True)
class Content:
    """What one sequence shows, before encoding.

    Attributes:
        label: HTML for the batch selector.
        dest_tokens, src_tokens: text per position; src_tokens None where they are the same.
        attention: one [dest, src] float32 per head, NaN allowed.
        value_weights, info_weights: [head, src] in [0, 1], or None.
        explanations: one per head, for mode="lines"; empty for the others.
        dest_positions: of the destinations among the sources, None where every position is one.
    """

    label: str
    dest_tokens: tuple[str, ...]
    src_tokens: tuple[str, ...] | None
    attention: Seq[FloatArray]
    value_weights: FloatArray | None = None
    info_weights: FloatArray | None = None
    explanations: Seq[Explanation] = ()
    dest_positions: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Facts:
    """What was found in the data: `low` <= 0 <= `high`, and whether every row is a probability distribution."""

    low: float
    high: float
    distributions: bool


def encode(content: Content, name: str, *, thumbnails: bool = True) -> tuple[Sequence, Facts]:
    """The props of one sequence and what the colour scale needs to know.

    Args:
        content: the sequence; its arrays are only read.
        name: the argument that the values came from, for error messages.
        thumbnails: whether to add the preview.

    Raises:
        ValueError: an infinite value.
    """
    arrays = [np.ascontiguousarray(array) for array in content.attention]
    ranges = [_value_range(array, name) for array in arrays]
    low, high = min(r.low for r in ranges), max(r.high for r in ranges)
    magnitudes = [max(-r.low, r.high) for r in ranges]
    signed, gaps = low < 0.0, any(r.gaps for r in ranges)
    clean = [np.nan_to_num(array) for array in arrays] if gaps else arrays
    causal = _is_causal(clean)
    block = _preview.block_size(*arrays[0].shape) if thumbnails else 1
    pooled = _preview.preview(arrays, block, causal=causal, signed=signed, gaps=gaps) if thumbnails else None
    props = Sequence(
        label=content.label,
        dest_tokens=content.dest_tokens,
        src_tokens=content.src_tokens,
        dest_positions=content.dest_positions,
        attention=_encode.matrices(arrays, magnitudes, layout="causal" if causal else "full", signed=signed),
        preview=_encode.stack(pooled, magnitudes, "uint8", signed=signed) if pooled is not None else None,
        preview_block=block,
        value_weights=_weights(content.value_weights),
        info_weights=_weights(content.info_weights),
    )
    distributions = not signed and all(_rows_sum_to_one(array) for array in clean)
    return props, Facts(low, high, distributions)


class _Range(NamedTuple):
    low: float
    high: float
    gaps: bool


def _value_range(array: FloatArray, name: str) -> _Range:
    """min(0, lowest), max(0, highest), and whether there are NaN (which do not count for either)."""
    low, high = float(array.min()), float(array.max())
    gaps = np.isnan(low) or np.isnan(high)
    if gaps:
        low, high = (float(pick.reduce(array, axis=None, initial=0.0)) for pick in (np.fmin, np.fmax))
    if np.isinf(low) or np.isinf(high):
        q, k = np.argwhere(np.isinf(array))[0]
        raise ValueError(
            f"{name}: values must be NaN or finite in float32, got {array[q, k]} at destination {q}, source {k}; "
            "scores before the softmax hold -inf where masked: put NaN there, it is drawn as masked"
        )
    return _Range(min(0.0, low), max(0.0, high), bool(gaps))


def _is_causal(arrays: Seq[FloatArray]) -> bool:
    """Whether no head attends forward: every cell right of the (shifted) diagonal is 0."""
    dest, src = arrays[0].shape
    if dest > src or dest == 1 or src == 1:
        return False
    future = np.flatnonzero(~np.tri(dest, src, src - dest, dtype=bool))
    return not any(np.take(array.reshape(-1), future).any() for array in arrays)


def _rows_sum_to_one(array: FloatArray) -> bool:
    """Whether each row is a distribution; rows of zeros (padding, nothing to see) do not count."""
    sums = array.sum(axis=-1)
    return bool(np.all((np.abs(sums - 1.0) <= _ROW_SUM_TOLERANCE) | (sums == 0.0)) and np.any(sums > 0.0))


def _weights(weights: FloatArray | None) -> Tensor | None:
    if weights is None:
        return None
    return _encode.stack(weights, [1.0] * len(weights), "uint16", signed=False)
