"""Encodes a sequence of mode="lines": scores and vectors of each head, keys once for all heads that read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from circuitsvis._lines.computation import HeadComputation
from circuitsvis._lines.layer_activations import KeyArray
from circuitsvis._wire import encode_sequence, fixed_point
from circuitsvis._wire.encode_sequence import AttentionContent, Precision
from circuitsvis._wire.props.lines import Computation, LinesSequence
from circuitsvis._wire.props.spans import Span
from circuitsvis._wire.props.tensor import Layout
from circuitsvis._wire.value_summary import ValueSummary


@dataclass(frozen=True)
class LinesContent:
    """A sequence of mode="lines" before encoding: its patterns, one computation per head, named parts of its sources."""

    patterns: AttentionContent
    computations: Sequence[HeadComputation]
    segments: tuple[Span, ...] = ()


def encode(
    content: LinesContent, names: Sequence[str], *, precision: Precision = 16, read_later: bool = False
) -> tuple[LinesSequence, ValueSummary]:
    """The props of one sequence of mode="lines", and the summary of its values for the color scale.

    Args:
        content: the sequence; its arrays are only read.
        names: what error messages call the values of each head.
        precision: bits per value of the pattern.
        read_later: encodes each pattern when it is asked for, as `encode_sequence.encode` does.

    Raises:
        ValueError: an infinite value.
    """
    sequence, summary = encode_sequence.encode(
        content.patterns, names, thumbnails=False, precision=precision, read_later=read_later
    )
    arrays = {
        computation.key_array: computation.keys
        for computation in content.computations
        if computation.key_array is not None and computation.keys is not None
    }
    key_indices = {key_array: index for index, key_array in enumerate(arrays)}
    layout = sequence.attention.layout
    props = LinesSequence(
        label=sequence.label,
        dest_tokens=sequence.dest_tokens,
        src_tokens=sequence.src_tokens,
        dest_positions=sequence.dest_positions,
        attention=sequence.attention,
        preview=sequence.preview,
        preview_block=sequence.preview_block,
        weights=sequence.weights,
        spans=sequence.spans,
        keys=tuple(fixed_point.vectors(array) for array in arrays.values()),
        computations=tuple(_encode(computation, layout, key_indices) for computation in content.computations),
        segments=content.segments,
    )
    return props, summary


def _encode(computation: HeadComputation, layout: Layout, key_indices: Mapping[KeyArray, int]) -> Computation:
    dot, added_term, queries = computation.dot, computation.added_term, computation.queries
    return Computation(
        kind=computation.kind,
        description=computation.description,
        divisor=computation.divisor,
        queries=fixed_point.vectors(queries) if queries is not None else None,
        keys=key_indices[computation.key_array] if computation.key_array is not None else None,
        dot=fixed_point.scores(dot, layout=layout) if dot is not None else None,
        added_term=fixed_point.scores(added_term, layout=layout) if added_term is not None else None,
        added_term_name=computation.added_term_name,
    )
