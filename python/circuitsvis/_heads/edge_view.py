"""`heads.edge_split`: one score of a head as a figure, split over what wrote the query and the key."""

from __future__ import annotations

from typing import Literal, overload

from circuitsvis._heads import edge_figure
from circuitsvis._heads.edge_figure import EdgeFocusArgument
from circuitsvis._heads.edge_numbers import EdgeNumbers
from circuitsvis._input.options import HeadNotation, Options
from circuitsvis._input.public_functions import public
from circuitsvis._page.figure import Figure, ReturnMode, deliver
from circuitsvis._wire.props.figure import DisplayMode


# fmt: off
@overload
def edge_split(
    edge: object, *, focus: EdgeFocusArgument | None = None, title: str | None = None, help: bool = False,
    display_mode: DisplayMode | None = None, head_notation: HeadNotation = "dot", return_mode: Literal["html"] = "html",
) -> Figure: ...
@overload
def edge_split(
    edge: object, *, focus: EdgeFocusArgument | None = None, title: str | None = None, help: bool = False,
    display_mode: DisplayMode | None = None, head_notation: HeadNotation = "dot", return_mode: Literal["view", "browser"],
) -> None: ...
# fmt: on
@public
def edge_split(
    edge: object,
    *,
    focus: EdgeFocusArgument | None = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
    head_notation: HeadNotation = "dot",
    return_mode: ReturnMode = "html",
) -> Figure | None:
    """Shows where the score of one query and key comes from, and what their edge writes.

    Bars have what each part of the query and of the key adds to the score, a table what each pair of parts does, with the smaller parts
    added up, and a list the tokens whose logits the edge changes most. A notebook shows an edge in this way by itself: this function is
    for other settings, and for files.

    Args:
        edge: what `heads.edge` returns.
        focus: what is pinned first, any of {"query_part": "0.3", "key_part": "embed"}: names of parts.
        title: heading, plain text.
        help: add a text that explains the view.
        display_mode: "dark", "light", or "auto" (the default) for the theme of the page.
        head_notation: "dot" for 9.6, "LH" for L9H6.
        return_mode: "html", "view" or "browser", as in `attention.from_cache`.

    Returns:
        The figure for return_mode="html", else None. Its `to_pandas()` and `save("edge.csv")` have a row for each pair of parts.

    Raises:
        TypeError, ValueError: wrong arguments; a part that is not among those of the edge.

    Notes:
        On the page a pair's value is within 0.51 / 8388607 of the largest magnitude; sums have nine digits.
    """
    options = Options(
        help=help, title=title, display_mode=display_mode, head_notation=head_notation, return_mode=return_mode
    )
    if not isinstance(edge, EdgeNumbers):
        raise TypeError(
            f"edge: must be what heads.edge returns, e.g. heads.edge(cache, tokens, head=(1, 3), dest=-1, src=2), got "
            f"{type(edge).__name__}"
        )
    return deliver(edge_figure.figure(edge, options, focus), return_mode)
