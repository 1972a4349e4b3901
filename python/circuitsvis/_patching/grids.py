"""Effects as a figure shows them: grids by name, of one or several pairs of prompts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._input.display_names import BatchLabels, batch_label
from circuitsvis._patching import effects
from circuitsvis._patching.kinds import KINDS, title_of
from circuitsvis._patching.result import Direction, Patching
from circuitsvis._wire.props.patching import GridColumns, PatchingSequence


@dataclass(frozen=True)
class Grid:
    """The effects of patching one kind of activation.

    Attributes:
        name, title, columns: as in `PatchingGrid`.
        values: of each sequence, [layer, column], finite or NaN.
    """

    name: str
    title: str
    columns: GridColumns
    values: tuple[Float64, ...]


@dataclass(frozen=True)
class Grids:
    """All that a figure shows.

    Attributes:
        layers, positions: numbers of rows, and of the columns of grids by position.
        grids: at least one.
        sequences: as in `PatchingMapProps`.
        direction, metric: None where they are not known.
        notes: sentences that a reader must know.
        known_scale: whether 1 is known to be the metric of the other run.
    """

    layers: tuple[int, ...]
    positions: tuple[int, ...]
    grids: tuple[Grid, ...]
    sequences: tuple[PatchingSequence, ...]
    direction: Direction | None
    metric: str | None
    notes: tuple[str, ...]
    known_scale: bool


def of_result(result: Patching, labels: BatchLabels) -> Grids:
    """The grids of a result: of its mean where it has several pairs, then of each pair."""
    n = len(result.clean)
    several = [None] if n > 1 else []
    shown: list[int | None] = [*several, *range(n)]
    notes = [f"Not shown: {name}, because {reason}." for name, reason in result.missing.items()]
    without = [pair for pair in range(n) if n > 1 and result.clean[pair] == result.corrupted[pair]]
    if without:
        listed = ", ".join(map(str, without))
        notes.append(
            f"Without values of their own, because both of their prompts have the same metric: pair{'s' * (len(without) > 1)} {listed}."
        )
    return Grids(
        result.layers,
        result.positions,
        tuple(
            Grid(
                kind,
                title_of(kind),
                KINDS[kind].columns,
                tuple(result[kind] if pair is None else result.of_pair(kind, pair) for pair in shown),
            )
            for kind in result
        ),
        tuple(_sequence(result, pair, labels) for pair in shown),
        result.direction,
        result.metric,
        tuple(notes),
        known_scale=True,
    )


def _sequence(result: Patching, pair: int | None, labels: BatchLabels) -> PatchingSequence:
    """One pair, or the mean of all."""
    n = len(result.clean)
    chosen = list(range(n)) if pair is None else [pair]
    return PatchingSequence(
        f"Mean of {n} pairs" if pair is None else batch_label(labels, pair, pair, result.clean_tokens[pair], n, n),
        _tokens([result.clean_tokens[i] for i in chosen], result.positions),
        _tokens([result.corrupted_tokens[i] for i in chosen], result.positions),
        float(np.mean(result.clean[chosen])),
        float(np.mean(result.corrupted[chosen])),
    )


def _tokens(rows: Sequence[Sequence[str]], positions: Sequence[int]) -> tuple[str | None, ...]:
    """The tokens at these positions, None where rows differ."""
    shared = effects.common(rows)
    return tuple(shared[position] for position in positions)
