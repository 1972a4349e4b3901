"""The computation of each head to props: scores and vectors encoded, keys that several heads read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from circuitsvis._lines.explanation import Explanation
from circuitsvis._wire import encode_sequence, fixed_point
from circuitsvis._wire.encode_sequence import Content, Facts, Precision
from circuitsvis._wire.props.lines import Computation, LinesSequence
from circuitsvis._wire.props.tensor import Layout, Tensor


@dataclass(frozen=True)
class LinesContent(Content):
    """A sequence of mode="lines" before encoding: with one explanation per head."""

    explanations: Sequence[Explanation] = ()


def encode(content: LinesContent, names: Sequence[str], *, precision: Precision = 16) -> tuple[LinesSequence, Facts]:
    """The props of one sequence of mode="lines" and what the colour scale needs to know.

    Args:
        content: the sequence, with an explanation per head; its arrays are only read.
        names: what error messages call the values of each head.
        precision: bits per value of the pattern.

    Raises:
        ValueError: an infinite value.
    """
    sequence, facts = encode_sequence.encode(content, names, thumbnails=False, precision=precision)
    layout = sequence.attention.layout
    places: dict[tuple[int, int, int], int] = {}
    keys: list[Tensor] = []
    for explanation in content.explanations:
        if explanation.keys is not None and explanation.key_head is not None and explanation.key_head not in places:
            places[explanation.key_head] = len(keys)
            keys.append(fixed_point.vectors(explanation.keys))
    computations = tuple(_computation(explanation, layout, places) for explanation in content.explanations)
    props = LinesSequence(
        label=sequence.label,
        dest_tokens=sequence.dest_tokens,
        src_tokens=sequence.src_tokens,
        dest_positions=sequence.dest_positions,
        attention=sequence.attention,
        preview=sequence.preview,
        preview_block=sequence.preview_block,
        weights=sequence.weights,
        keys=tuple(keys),
        computations=computations,
    )
    return props, facts


def _computation(explanation: Explanation, layout: Layout, places: dict[tuple[int, int, int], int]) -> Computation:
    dot, added_term, queries = explanation.dot, explanation.added_term, explanation.queries
    return Computation(
        kind=explanation.kind,
        description=explanation.description,
        divisor=explanation.divisor,
        queries=fixed_point.vectors(queries) if queries is not None else None,
        keys=places[explanation.key_head] if explanation.key_head is not None else None,
        dot=fixed_point.scores(dot, layout=layout) if dot is not None else None,
        added_term=fixed_point.scores(added_term, layout=layout) if added_term is not None else None,
        added_term_name=explanation.added_term_name,
    )
