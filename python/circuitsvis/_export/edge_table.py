"""A split score as a table: a row for each part of the query and part of the key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from circuitsvis._export.table import Block, Table, texts
from circuitsvis._wire import decode
from circuitsvis._wire.props.edge_split import EdgeSplitProps


def table(props: EdgeSplitProps) -> Table:
    """What each pair adds to q·k / divisor, as the page decodes it."""
    return Table(("query_part", "key_part", "value"), partial(_blocks, props))


def _blocks(props: EdgeSplitProps) -> Iterator[Block]:
    queries, keys = texts(props.query.parts), texts(props.key.parts)
    yield {
        "query_part": np.repeat(queries, len(keys)),
        "key_part": np.tile(keys, len(queries)),
        "value": decode.part(props.table, 0).reshape(-1),
    }
