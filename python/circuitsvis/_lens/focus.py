"""The argument `focus` of a logit lens: a dict that names the cell that is pinned at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from circuitsvis._common import checks
from circuitsvis._input.focus import check_keys
from circuitsvis._wire.props.logit_lens import LensFocus


class LensFocusArgument(TypedDict, total=False):
    """A cell: a sequence (by default the first), a stage by its name or index (by default the last), and a position."""

    sequence: int
    layer: str | int
    position: int


_KEYS = tuple(LensFocusArgument.__annotations__)
_EXAMPLE = 'e.g. focus={"layer": "3_pre", "position": 7}'


def check(focus: object) -> None:
    """Raises TypeError or ValueError for what cannot be a focus of any logit lens, before anything is computed."""
    if focus is None:
        return
    check_keys(focus, _KEYS, ("sequence", "position"), _EXAMPLE)
    if isinstance(focus, Mapping) and "position" not in focus:
        raise ValueError(f"focus: needs a position, {_EXAMPLE}")


def resolve(
    focus: LensFocusArgument | None, stages: Sequence[str], sequences: Sequence[tuple[int, ...]]
) -> LensFocus | None:
    """The focus as the page reads it; None for none.

    Args:
        focus: as the user passed it, checked.
        stages: names of the stages shown.
        sequences: numbers of the positions shown, of each sequence.

    Raises:
        TypeError, ValueError: there is no such sequence, stage or position.
    """
    if focus is None:
        return None
    count = len(sequences)
    sequence = checks.index("focus", focus.get("sequence", 0), count, "sequence", f"{count} sequences")
    layer = focus.get("layer", -1)
    if isinstance(layer, str):
        if layer not in stages:
            listed = ", ".join(map(repr, stages[:8])) + (", ..." if len(stages) > 8 else "")
            raise ValueError(f"focus: layer {layer!r} is not shown: must be one of {listed}")
        stage = stages.index(layer)
    else:
        stage = checks.index("focus", layer, len(stages), "layer", f"{len(stages)} stages shown")
    positions = sequences[sequence]
    position = checks.integer("focus: position", focus["position"])
    if position >= 0 and position in positions:
        return LensFocus(sequence, stage, positions.index(position))
    if position >= 0 and len(positions) <= max(positions):
        listed = ", ".join(map(str, positions[:8])) + (", ..." if len(positions) > 8 else "")
        raise ValueError(f"focus: position {position} is not among the positions shown: {listed}")
    owner = f"{len(positions)} positions shown"
    return LensFocus(sequence, stage, checks.index("focus", position, len(positions), "position", owner))
