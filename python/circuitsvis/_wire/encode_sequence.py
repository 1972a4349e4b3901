"""Encodes one sequence of attention heads: summarises the values, chooses layout and scales, makes the props."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import numpy as np

from circuitsvis._common import parallel
from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import later_sources
from circuitsvis._wire import causality, fixed_point, preview
from circuitsvis._wire.matrices_later import matrices_later
from circuitsvis._wire.props.attention import AttentionSequence, WeightedType
from circuitsvis._wire.props.spans import Span
from circuitsvis._wire.props.tensor import Dtype
from circuitsvis._wire.value_summary import ValueSummary
from circuitsvis._wire.watched import Watched

Precision: TypeAlias = Literal[8, 16]
"""Bits per value of the heads."""


@dataclass(frozen=True)
class AttentionContent:
    """What one sequence shows, before encoding.

    Attributes:
        label: HTML for the batch selector.
        dest_tokens, src_tokens: text per position; src_tokens is None if they are the same.
        attention: one [dest, src] float32 per head, NaN for "no value".
        weights: by attention type [head, src] in [0, 1].
        dest_positions: positions of the destinations among the sources; None if they are all positions, or not known.
        self_attention: whether destinations and sources are known to be positions of one sequence.
        causal: whether sources later than the destination are masked: their values are then NaN. None: found in the values.
    """

    label: str
    dest_tokens: tuple[str, ...]
    src_tokens: tuple[str, ...] | None
    attention: Sequence[FloatArray]
    weights: Mapping[WeightedType, FloatArray] = field(default_factory=dict)
    dest_positions: tuple[int, ...] | None = None
    self_attention: bool = False
    spans: tuple[Span, ...] = ()
    causal: bool | None = None


def encode(
    content: AttentionContent,
    names: Sequence[str],
    *,
    thumbnails: bool = True,
    precision: Precision = 16,
    read_later: bool = False,
) -> tuple[AttentionSequence, ValueSummary]:
    """The props of one sequence, and the summary of its values for the color scale.

    Args:
        content: the sequence; its arrays are only read.
        names: how error messages name the values of each head, e.g. "attention: Head 0".
        thumbnails: whether to add the preview.
        precision: bits per value.
        read_later: reads and encodes each head again when its chunk is asked for, so that only references to the arrays are kept.

    Raises:
        ValueError: an infinite value.
    """
    heads: Sequence[FloatArray] = (
        Watched(content.attention, names) if read_later else [np.ascontiguousarray(head) for head in content.attention]
    )
    dest, src = heads[0].shape
    later = later_sources(dest, src) if 1 < dest <= src else None
    summaries = list(
        parallel.staged(
            range(len(heads)),
            lambda head: ValueSummary.of_head(heads[head], later, names[head]),
            threads=read_later and dest * src >= fixed_point.WORTH_A_THREAD,
        )
    )
    summary = ValueSummary.of_all(summaries)
    magnitudes = [head.magnitude for head in summaries]
    signed = summary.low < 0.0
    positions = _dest_positions(content, heads)
    one_sequence = content.src_tokens is None or positions == tuple(range(src - dest, src))
    causal = later is not None and one_sequence
    if causal:
        found = content.causal is None and causality.is_causal(heads, forward=summary.forward)
        causal = found or content.causal is True
    block = preview.block_size(dest, src, len(heads)) if thumbnails else (1, 1)
    pooled = preview.preview(heads, block, causal=causal, signed=signed, gaps=summary.gaps) if thumbnails else None
    dtype: Dtype = "uint8" if precision == 8 else "uint16"
    matrices = matrices_later if read_later else fixed_point.matrices
    props = AttentionSequence(
        label=content.label,
        dest_tokens=content.dest_tokens,
        src_tokens=content.src_tokens,
        dest_positions=None if positions == tuple(range(src)) else positions,
        attention=matrices(heads, magnitudes, dtype, layout="causal" if causal else "full", signed=signed),
        preview=fixed_point.stack(pooled, magnitudes, "uint8", signed=signed) if pooled is not None else None,
        preview_block=block,
        weights={
            name: fixed_point.stack(weights, [1.0] * len(weights), "uint16", signed=False)
            for name, weights in content.weights.items()
        },
        spans=content.spans,
    )
    return props, summary


def _dest_positions(content: AttentionContent, heads: Sequence[FloatArray]) -> tuple[int, ...] | None:
    """The position of each destination among the sources: from the content, else where tokens and values show it."""
    if content.dest_positions is not None or content.src_tokens is None:
        return content.dest_positions
    if len(content.dest_tokens) > len(content.src_tokens):
        return None
    return causality.positions_among_sources(
        content.dest_tokens, content.src_tokens, heads, self_attention=content.self_attention
    )
