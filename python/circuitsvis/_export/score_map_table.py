"""A score map as a table: a row for each score and head."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from circuitsvis._export.table import Block, Table, same, texts
from circuitsvis._wire import decode
from circuitsvis._wire.props.score_map import ScoreMapProps

_COLUMNS = ("score", "layer", "head", "name", "value")


def table(props: ScoreMapProps) -> Table:
    """The scores of all heads, as the page decodes them. What is shown of a head beside the map is not among them."""
    return Table(_COLUMNS, partial(_blocks, props))


def names(props: ScoreMapProps) -> list[str]:
    """The names of all heads, row by row."""
    pattern = "L{}H{}" if props.head_notation == "LH" else "{}.{}"
    return [pattern.format(layer, head) for layer in props.layers for head in range(props.n_heads)]


def _blocks(props: ScoreMapProps) -> Iterator[Block]:
    n_layers = len(props.layers)
    for score, values in zip(props.scores, decode.parts(props.values), strict=True):
        yield {
            "score": same(score.name, values.size),
            "layer": np.repeat(np.array(props.layers, np.int64), props.n_heads),
            "head": np.tile(np.arange(props.n_heads, dtype=np.int64), n_layers),
            "name": texts(names(props)),
            "value": values.reshape(-1),
        }
