"""The arrays of a figure's store: names, dimensions and attributes. `docs/store.md` describes them for those who read a store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from circuitsvis._store.arrays import Array, Group
from circuitsvis._store.head_arrays import HeadArray, Piece, fits_together
from circuitsvis._wire import decode
from circuitsvis._wire.props.attention import AttentionProps, AttentionSequence
from circuitsvis._wire.props.attribution import AttributionSequence, AttributionViewProps
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.lines import LinesSequence
from circuitsvis._wire.props.tensor import Tensor

_CELLS = ("head", "dest", "src")

_NO_LAYER = -1

_COORDINATES = {"coordinates": "layer dest_token src_token"}
"""By the CF conventions: the arrays that xarray shows beside the values as coordinates."""


def groups(props: FigureProps, prefix: str = "") -> Iterator[Group]:
    """A group for each sequence of attention heads in the figure and in the figures inside of it. Of other figures there are none.

    Args:
        props: of the figure.
        prefix: of the groups' paths, with a slash at its end.
    """
    if isinstance(props, AttentionProps):
        for number, sequence in enumerate(props.sequences):
            yield Group(f"{prefix}sequence_{number}", {"label": sequence.label}, list(_arrays(props, sequence)))
    for number, inner in enumerate(props.inner()):
        yield from groups(inner, f"{prefix}figure_{number}/")


def _arrays(props: AttentionProps, sequence: AttentionSequence) -> Iterator[Array]:
    yield Array("head", ("head",), tuple(head.name for head in props.heads))
    layers = [_NO_LAYER if head.layer is None else head.layer for head in props.heads]
    yield Array("layer", ("head",), np.array(layers, np.int32), {"_FillValue": _NO_LAYER})
    yield Array("dest_token", ("dest",), sequence.dest_tokens)
    yield Array("src_token", ("src",), sequence.dest_tokens if sequence.src_tokens is None else sequence.src_tokens)
    if sequence.dest_positions is not None:
        yield Array("dest_position", ("dest",), np.array(sequence.dest_positions, np.int32))
    name = "attribution" if isinstance(sequence, AttributionSequence) else "attention"
    yield Array(name, _CELLS, HeadArray.of_tensor(sequence.attention), _COORDINATES)
    for kind, weights in sequence.weights.items():
        yield Array(f"{kind.split('-')[0]}_weight", ("head", "src"), decode.whole(weights).astype(np.float32))
    if isinstance(sequence, AttributionSequence) and isinstance(props, AttributionViewProps):
        yield from _totals(props, sequence)
    if isinstance(sequence, LinesSequence):
        yield from _computations(sequence)


def _totals(props: AttributionViewProps, sequence: AttributionSequence) -> Iterator[Array]:
    """What does not depend on a source."""
    names = [head.name for head in props.heads] + [part.name for part in props.parts]
    yield Array("component", ("component",), tuple(names))
    yield Array("component_total", ("component", "dest"), decode.whole(sequence.component_totals))
    yield Array("logit", ("dest",), decode.part(sequence.total, 0))
    yield Array("target", ("dest",), sequence.targets)


def _computations(sequence: LinesSequence) -> Iterator[Array]:
    """What the patterns are computed from, of heads whose computation is known. An array whose heads differ in shape is left out."""
    one_each: dict[str, tuple[tuple[str, ...], Sequence[Tensor | None]]] = {
        "query": (("head", "dest", "d_head"), [one.queries for one in sequence.computations]),
        "key": (("key_head", "src", "d_head"), list(sequence.keys)),
        "dot": (_CELLS, [one.dot for one in sequence.computations]),
        "added_term": (_CELLS, [one.added_term for one in sequence.computations]),
    }
    for name, (dimensions, tensors) in one_each.items():
        pieces = [None if tensor is None else Piece(tensor, 0) for tensor in tensors]
        if fits_together(pieces):
            yield Array(name, dimensions, HeadArray(pieces), _COORDINATES if dimensions == _CELLS else {})
    key_heads = [-1 if one.keys is None else one.keys for one in sequence.computations]
    yield Array("key_head_of_head", ("head",), np.array(key_heads, np.int32), {"_FillValue": -1})
    divisors = [np.nan if one.divisor is None else one.divisor for one in sequence.computations]
    yield Array("divisor", ("head",), np.array(divisors))
