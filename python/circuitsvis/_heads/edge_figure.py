"""The figure of an edge."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TypedDict

from circuitsvis._common.arrays import Float64
from circuitsvis._heads.edge_numbers import EdgeNumbers
from circuitsvis._heads.edge_parts import EdgePart, WrittenToken
from circuitsvis._input import display_names
from circuitsvis._input.focus import check_keys
from circuitsvis._input.options import HeadNotation, Options
from circuitsvis._page.figure import Figure
from circuitsvis._wire import fixed_point
from circuitsvis._wire.props.edge_split import EdgeFocus, EdgeSide, EdgeSplitProps, EdgeToken

HELP = (
    "A head's query is a sum of what every earlier component wrote at the query's position, read through a norm and W_Q; its key is "
    "such a sum at the key's position, read through W_K. So the score q·k / divisor is a sum over pairs: a part of the query times a part "
    "of the key.",
    "The bars have what each part adds with all of the other side; blue adds to the score, red takes away. The table has the pairs: "
    "its rows are parts of the query, its columns parts of the key. The number beside a name is the sum of its row or column, and those "
    "of either side sum to q·k / divisor. The smaller parts are added up to one row and one column; “All” shows each of them.",
    "“unaccounted” is what no component wrote: zero up to rounding, unless a hook changed q or k.",
    "Hover a bar or a cell, or move to it with the arrow keys; click or Enter pins it, Esc releases it. The lists below have the tokens "
    "whose logits A · v W_O, what this edge writes, raises and lowers most by the direct path.",
)
DIVISORS = (
    "The parts are exact for the divisors that the norms had in this forward pass: another input would change those too, so a part says "
    "what was added, not what would happen without it."
)
"""A note of every figure."""


class EdgeFocusArgument(TypedDict, total=False):
    """What the figure of an edge shows first: a part of the query, a part of the key, or both."""

    query_part: str
    key_part: str


def figure(edge: EdgeNumbers, options: Options, focus: EdgeFocusArgument | None) -> Figure:
    """The figure.

    Raises:
        TypeError, ValueError: `focus` names no part of the edge.
    """
    query, key = (
        EdgeSide(position, text, tuple(_name(part, options.head_notation) for part in parts), _rounded(sums))
        for position, text, parts, sums in (
            (edge.dest, edge.tokens[0], edge.query_parts, edge.by_query_part),
            (edge.src, edge.tokens[1], edge.key_parts, edge.by_key_part),
        )
    )
    return Figure(
        EdgeSplitProps(
            title=options.title,
            help=HELP if options.help else (),
            notes=(*edge.notes, DIVISORS),
            display_mode=options.display_mode or "auto",
            head=display_names.head(*edge.head, options.head_notation).name,
            query=query,
            key=key,
            table=fixed_point.scores(edge.table, layout="full"),
            attention=_digits(edge.attention),
            score=_digits(edge.score),
            divisor=_digits(edge.divisor),
            added=_digits(edge.added),
            added_name=edge.added_name,
            promoted=_tokens(edge.promoted),
            suppressed=_tokens(edge.suppressed),
            focus=_focus(focus, query.parts, key.parts),
        )
    )


def _name(part: EdgePart, notation: HeadNotation) -> str:
    if part.layer is not None and part.head is not None:
        return display_names.head(part.layer, part.head, notation).name
    return part.name


def _digits(value: float) -> float:
    """With nine digits, more than the numbers of a cache have."""
    return float(f"{value:.9g}")


def _rounded(values: Float64) -> tuple[float, ...]:
    return tuple(_digits(value) for value in values.tolist())


def _tokens(tokens: Sequence[WrittenToken]) -> tuple[EdgeToken, ...]:
    return tuple(EdgeToken(token.id, token.text, _digits(token.logit)) for token in tokens)


def _focus(focus: EdgeFocusArgument | None, query: Sequence[str], key: Sequence[str]) -> EdgeFocus | None:
    if focus is None:
        return None
    check_keys(focus, ("query_part", "key_part"), (), 'e.g. focus={"query_part": "0.3", "key_part": "embed"}')
    return EdgeFocus(
        _index("query_part", focus.get("query_part"), query), _index("key_part", focus.get("key_part"), key)
    )


def _index(side: str, name: object, names: Sequence[str]) -> int | None:
    if name is None:
        return None
    if not isinstance(name, str):
        raise TypeError(
            f"focus: {side}: must be the name of a part, e.g. {names[0]!r}, got {type(name).__name__} {name!r}"
        )
    if name in names:
        return names.index(name)
    close = get_close_matches(name, names, 1)
    listed = ", ".join(map(repr, names[:8])) + (", ..." if len(names) > 8 else "")
    raise ValueError(
        f"focus: {side}: must be one of {listed}, got {name!r}{f'; did you mean {close[0]!r}?' if close else ''}"
    )
