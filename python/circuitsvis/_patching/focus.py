"""The argument `focus` of a figure of patching: a dict that names the cell that is pinned at first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypedDict

from circuitsvis._common import checks
from circuitsvis._input.focus import check_keys
from circuitsvis._patching.grids import Grid, Grids
from circuitsvis._wire.props.patching import PatchingFocus


class PatchingFocusArgument(TypedDict, total=False):
    """A cell of the grid that is shown first: a layer and a position, or a head; and a sequence, by default the first."""

    sequence: int
    layer: int
    position: int
    head: str | tuple[int, int]


_KEYS = tuple(PatchingFocusArgument.__annotations__)
_EXAMPLE = 'e.g. focus={"layer": 3, "position": 7}, or in a grid by head focus={"head": "9.6"}'
_HEAD = re.compile(r"L?(\d+)[.H](\d+)")


def check(focus: object) -> None:
    """Raises TypeError or ValueError for what cannot be a focus of any figure of patching."""
    if focus is None:
        return
    check_keys(focus, _KEYS, ("sequence", "layer", "position"), _EXAMPLE)
    if isinstance(focus, Mapping) and ("head" in focus) == ("layer" in focus and "position" in focus):
        raise ValueError(f"focus: needs a layer and a position, or a head, {_EXAMPLE}")


def resolve(focus: PatchingFocusArgument | None, grids: Grids, grid: Grid) -> PatchingFocus | None:
    """The focus as the page reads it; None for none.

    Args:
        focus: as the user passed it, checked.
        grids: all of the figure.
        grid: the one that is shown first.

    Raises:
        TypeError, ValueError: there is no such cell.
    """
    if focus is None:
        return None
    count = len(grids.sequences)
    sequence = checks.index("focus", focus.get("sequence", 0), count, "sequence", f"{count} sequences")
    by_head = "head" in focus
    if by_head != (grid.columns == "head"):
        need = "a head" if grid.columns == "head" else "a layer and a position"
        raise ValueError(
            f"focus: {grid.name!r} is shown first, whose cells are {need}; name one, or choose another grid by kind="
        )
    layer, column = _head(focus["head"]) if by_head else (focus["layer"], focus["position"])
    if layer not in grids.layers:
        raise ValueError(f"focus: layer {layer} is not shown: must be one of {', '.join(map(str, grids.layers))}")
    width = grid.values[0].shape[1]
    if by_head:
        return PatchingFocus(
            sequence, grids.layers.index(layer), checks.index("focus", column, width, "head", f"{width} heads")
        )
    if column < 0 or column not in grids.positions:
        column = checks.index("focus", column, width, "position", f"{width} positions shown")
        return PatchingFocus(sequence, grids.layers.index(layer), column)
    return PatchingFocus(sequence, grids.layers.index(layer), grids.positions.index(column))


def _head(head: object) -> tuple[int, int]:
    """(layer, head) of a name or a pair."""
    if isinstance(head, str):
        found = _HEAD.fullmatch(head)
        if found:
            return int(found[1]), int(found[2])
    elif isinstance(head, (tuple, list)) and len(head) == 2:
        return checks.integer("focus: head", head[0]), checks.integer("focus: head", head[1])
    raise ValueError(f'focus: head: must be a name such as "9.6" or a pair (layer, head), got {head!r}')
