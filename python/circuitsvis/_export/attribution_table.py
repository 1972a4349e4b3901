"""Direct logit attribution as a table: a row for each head, destination and source, and one for each other component and destination."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from circuitsvis._export.attention_table import Integers, masked_cells, numbers_of_dests, place, visible_cells
from circuitsvis._export.table import Block, Column, Table, same, texts
from circuitsvis._wire import decode
from circuitsvis._wire.props.attribution import AttributionSequence, AttributionViewProps

_COLUMNS = ("sequence", "component", "kind", "layer", "dest", "dest_token", "target", "src", "src_token")
_VALUES = ("attribution", "component_total", "logit")


def table(props: AttributionViewProps) -> Table:
    """The attributions of a destination add up to its logit.

    A component other than a head has no sources: its `src` is NaN, and its attribution is its total.
    """
    return Table((*_COLUMNS, *_VALUES), partial(_blocks, props))


def _blocks(props: AttributionViewProps) -> Iterator[Block]:
    for number, sequence in enumerate(props.sequences):
        masked = masked_cells(sequence)
        totals, (logits,) = decode.whole(sequence.component_totals), decode.parts(sequence.total)
        for head, values in enumerate(decode.parts(sequence.attention)):
            dest, src = visible_cells(masked, values)
            block = place(props, number, head, dest, src)
            yield {
                **block,
                "component": block["head"],
                "kind": same("head", len(dest)),
                "attribution": values[dest, src],
                **_of_dests(sequence, dest, totals[head], logits),
            }
        for component, part in enumerate(props.parts, start=len(props.heads)):
            dest = np.arange(len(sequence.dest_tokens))
            yield {
                "sequence": same(number, len(dest)),
                "component": same(part.name, len(dest)),
                "kind": same(part.kind, len(dest)),
                "layer": np.full(len(dest), np.nan if part.layer is None else part.layer),
                "dest": numbers_of_dests(sequence),
                "dest_token": texts(sequence.dest_tokens),
                "attribution": totals[component],
                **_of_dests(sequence, dest, totals[component], logits),
            }


def _of_dests(sequence: AttributionSequence, dest: Integers, totals: Column, logits: Column) -> dict[str, Column]:
    """What rows of these destinations have in common."""
    return {"target": texts(sequence.targets)[dest], "component_total": totals[dest], "logit": logits[dest]}
