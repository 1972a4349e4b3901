"""The figure of activation patching."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._input.options import Options
from circuitsvis._input.value_range import value_range
from circuitsvis._page.figure import Figure
from circuitsvis._patching import focus, help_texts
from circuitsvis._patching.focus import PatchingFocusArgument
from circuitsvis._patching.grids import Grid, Grids
from circuitsvis._wire import fixed_point
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.patching import PatchingGrid, PatchingMapProps
from circuitsvis._wire.props.tensor import Tensor

_SMALLEST = 1e-290
"""Effects below it are 0 on the page: a step of them would have fewer digits than a double normally has."""

_ABOUT_1, _BEYOND_1 = 1.25, 2.0
"""Effects up to the first have the colors of 1. Of larger ones the scale ends at the second at least, so that its label and that of 1
do not touch."""

_LEAST_UNKNOWN = 0.5
"""Where it is not known what 1 is, the scale ends there if the largest effect is no smaller than this."""


def figure(
    grids: Grids,
    options: Options,
    *,
    kind: str | None,
    pinned: PatchingFocusArgument | None,
    limits: tuple[float | None, float | None],
    colors: CustomColors | None,
) -> Figure:
    """The figure.

    Args:
        grids: checked.
        options: of the public function.
        kind: name of the grid that is shown first; None for the first.
        pinned: the argument `focus`, checked.
        limits: (min_value, max_value), checked.
        colors: of the user, or None.
    """
    shown = _index_of(kind, grids.grids)
    largest = [_largest(grid) for grid in grids.grids]
    end = _end(max(largest), grids.known_scale)
    ends = value_range(-end, end, limits)
    return Figure(
        PatchingMapProps(
            title=options.title,
            help=help_texts.paragraphs(grids) if options.help else (),
            notes=grids.notes,
            display_mode=options.display_mode or "auto",
            layers=grids.layers,
            positions=grids.positions,
            head_notation=options.head_notation,
            direction=grids.direction,
            metric=grids.metric,
            grids=tuple(
                PatchingGrid(grid.name, grid.title, grid.columns, ends, most, _encoded(grid.values))
                for grid, most in zip(grids.grids, largest, strict=True)
            ),
            sequences=grids.sequences,
            grid=shown,
            fixed_range=limits != (None, None),
            selector="radio" if options.radioitems else "dropdown",
            focus=focus.resolve(pinned, grids, grids.grids[shown]),
            colors=colors,
        )
    )


def _index_of(kind: str | None, grids: Sequence[Grid]) -> int:
    """The grid of that name; the first for None.

    Raises:
        ValueError: there is none. Of a single grid, which the argument names, there always is.
    """
    names = [grid.name for grid in grids]
    if kind is None or len(names) == 1:
        return 0
    if kind in names:
        return names.index(kind)
    close = get_close_matches(kind, names, 1)
    meant = f"; did you mean {close[0]!r}?" if close else ""
    raise ValueError(f"kind: must be the name of a grid, {', '.join(map(repr, names))}, got {kind!r}{meant}")


def _largest(grid: Grid) -> float:
    return max(float(np.fmax.reduce(np.abs(values), axis=None, initial=0.0)) for values in grid.values)


def _end(largest: float, known_scale: bool) -> float:
    """The magnitude with the full color: 1, the other run, where effects are about as large or smaller."""
    if largest > _ABOUT_1:
        return max(largest, _BEYOND_1)
    return 1.0 if known_scale or largest >= _LEAST_UNKNOWN else largest


def _encoded(values: Sequence[Float64]) -> Tensor:
    """(sequence, layer, column) as uint24, a chunk and a scale for each sequence."""
    exact = [np.where(np.abs(each) < _SMALLEST, 0.0, each) for each in values]
    magnitudes = [float(np.fmax.reduce(np.abs(each), axis=None, initial=0.0)) for each in exact]
    return fixed_point.matrices(exact, magnitudes, "uint24", layout="full", signed=True)
