"""The values of attention heads as a table: a row for each head, destination and source."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64
from circuitsvis._common.causal_mask import Bools
from circuitsvis._export.table import Block, Column, Table, optional_integers, same, texts
from circuitsvis._wire import decode
from circuitsvis._wire.props.attention import AttentionProps, AttentionSequence, WeightedType
from circuitsvis._wire.props.lines import LinesSequence, LinesViewProps

Integers = npt.NDArray[np.intp]

_PLACE = ("sequence", "head", "layer", "dest", "dest_token", "src", "src_token")
_SCORES = ("dot", "added_term", "score")


def table(props: AttentionProps) -> Table:
    """A row for each head, destination and source. Masked cells have no row, missing values have NaN."""
    weighted = tuple(name for kind in _types(props) for name in _names(kind))
    scores = _SCORES if isinstance(props, LinesViewProps) else ()
    return Table((*_PLACE, "attention", *weighted, *scores), partial(_blocks, props))


def masked_cells(sequence: AttentionSequence) -> Bools:
    """[dest, src]: whether the source is later than its destination can attend to. `frontend/src/data/mask.ts` is the twin."""
    _, dest, src = sequence.attention.shape
    if sequence.dest_positions is not None:
        last = np.array(sequence.dest_positions)
    else:
        last = np.arange(dest) + src - dest if sequence.attention.layout == "causal" else np.full(dest, src - 1)
    later: Bools = np.arange(src) > last[:, None]
    return later


def numbers_of_dests(sequence: AttentionSequence) -> Integers:
    """The number of each destination on the page: its position among the sources where that is known."""
    return np.array(sequence.dest_positions or range(len(sequence.dest_tokens)), np.intp)


def place(props: AttentionProps, number: int, head: int, dest: Integers, src: Integers) -> dict[str, Column]:
    """The columns that say where values are: of these destinations and sources of a head."""
    sequence = props.sequences[number]
    src_tokens = sequence.src_tokens if sequence.src_tokens is not None else sequence.dest_tokens
    return {
        "sequence": same(number, len(dest)),
        "head": same(props.heads[head].name, len(dest)),
        "layer": np.repeat(optional_integers([one.layer for one in props.heads])[head], len(dest)),
        "dest": numbers_of_dests(sequence)[dest],
        "dest_token": texts(sequence.dest_tokens)[dest],
        "src": src,
        "src_token": texts(src_tokens)[src],
    }


def visible_cells(masked: Bools, values: Float64) -> tuple[Integers, Integers]:
    """Destinations and sources of the cells of a head that are not masked, row by row: a cell with a value never is."""
    dest, src = np.nonzero(~(masked & np.isnan(values)))
    return dest, src


def _blocks(props: AttentionProps) -> Iterator[Block]:
    for number, sequence in enumerate(props.sequences):
        masked = masked_cells(sequence)
        weights = {kind: decode.whole(sequence.weights[kind]) for kind in _types(props)}
        for head, values in enumerate(decode.parts(sequence.attention)):
            dest, src = visible_cells(masked, values)
            attention = values[dest, src]
            block = {**place(props, number, head, dest, src), "attention": attention}
            for kind, factors in weights.items():
                weight, weighted = _names(kind)
                block[weight] = factors[head, src]
                block[weighted] = attention * factors[head, src]
            if isinstance(sequence, LinesSequence):
                block.update(_scores(sequence, head, dest, src))
            yield block


def _types(props: AttentionProps) -> list[WeightedType]:
    """The weighted types that every sequence has, as the page offers them."""
    return [kind for kind in props.sequences[0].weights if all(kind in one.weights for one in props.sequences)]


def _names(kind: str) -> tuple[str, str]:
    """The columns of a weighted type: "value-weighted" has "value_weight" and "value_weighted"."""
    name = kind.replace("-", "_")
    return name.removesuffix("ed"), name


def _scores(sequence: LinesSequence, head: int, dest: Column, src: Column) -> dict[str, Column]:
    """What the softmax of a head's pattern is of, as far as the cache shows; a column is left out where it does not."""
    computation = sequence.computations[head]
    terms = {
        name: decode.part(tensor, 0)[dest, src]
        for name, tensor in (("dot", computation.dot), ("added_term", computation.added_term))
        if tensor is not None
    }
    if computation.kind == "scores":
        return {"score": terms["added_term"]}
    return {**terms, "score": sum(terms.values(), np.zeros(len(dest)))} if "dot" in terms else {}
