"""What a split score shows where no script runs: a sentence, the largest parts of both sides, and the tokens that the edge writes."""

from __future__ import annotations

import html
from collections.abc import Sequence

from circuitsvis._export.token_words import shown
from circuitsvis._wire.props.edge_split import EdgeSide, EdgeSplitProps

MOST = 8
"""Rows of the table."""


def words(props: EdgeSplitProps) -> str:
    """The largest parts of each side with their sums, side by side."""
    columns = [
        ("Part of the query", _largest(props.query)),
        ("Part of the key", _largest(props.key)),
        ("Promoted", [(token.text, token.logit) for token in props.promoted[:MOST]]),
        ("Suppressed", [(token.text, token.logit) for token in props.suppressed[:MOST]]),
    ]
    head = "".join(f"<td>{name}</td><td></td>" for name, _ in columns)
    rows = []
    for row in range(max(len(entries) for _, entries in columns)):
        cells = "".join(_cells(entries, row) for _, entries in columns)
        rows.append(f"<tr>{cells}</tr>")
    return f"<div>{html.escape(sentence(props))}</div><table><tr>{head}</tr>{''.join(rows)}</table>"


def sentence(props: EdgeSplitProps) -> str:
    """The cell and its numbers."""
    query, key = (f"{shown(side.token)} ({side.position})" for side in (props.query, props.key))
    return f"Head {props.head}, query {query} to key {key}: attention {props.attention:.4g}, score {props.score:.4g}"


def _largest(side: EdgeSide) -> Sequence[tuple[str, float]]:
    pairs = zip(side.parts, side.sums, strict=True)
    return sorted(pairs, key=lambda pair: -abs(pair[1]))[:MOST]


def _cells(entries: Sequence[tuple[str, float]], row: int) -> str:
    if row >= len(entries):
        return "<td></td><td></td>"
    name, value = entries[row]
    return f"<td>{html.escape(shown(name))}</td><td>{value:+.4g}</td>"
