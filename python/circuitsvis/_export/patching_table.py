"""The table of a figure of activation patching: a row for each grid, pair of prompts and cell."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from circuitsvis._export.table import Block, Table, same, texts
from circuitsvis._wire import decode
from circuitsvis._wire.props.patching import PatchingMapProps, PatchingSequence

_COLUMNS = ("kind", "pair", "layer", "position", "head", "clean_token", "corrupted_token", "effect", "metric")


def table(props: PatchingMapProps) -> Table:
    """The effects, as the page decodes them, and the metric after each patch where its scale is known.

    "pair" is NaN for the mean of several. Tokens are "" where they are not known or pairs differ, and in grids by head.
    """
    return Table(_COLUMNS, partial(_blocks, props))


def pair_of(props: PatchingMapProps, sequence: int) -> int | None:
    """The number of a sequence's pair; None for the mean, which comes first of several."""
    if len(props.sequences) == 1:
        return 0
    return None if sequence == 0 else sequence - 1


def metric_at(props: PatchingMapProps, sequence: PatchingSequence, effect: float) -> float:
    """The metric of an effect; NaN where the scale is not known."""
    if sequence.clean is None or sequence.corrupted is None:
        return float("nan")
    ends = (sequence.clean, sequence.corrupted) if props.direction == "noise" else (sequence.corrupted, sequence.clean)
    return ends[0] + effect * (ends[1] - ends[0])


def _blocks(props: PatchingMapProps) -> Iterator[Block]:
    for grid in props.grids:
        for number, (sequence, values) in enumerate(zip(props.sequences, decode.parts(grid.values), strict=True)):
            rows, cols = values.shape
            pair = pair_of(props, number)
            by_position = grid.columns == "position"
            absent = np.full(rows * cols, np.nan)
            columns = np.tile(np.array(props.positions if by_position else range(cols), np.float64), rows)
            tokens = [
                texts([token or "" for token in (given if by_position and given else [""] * cols)] * rows)
                for given in (sequence.clean_tokens, sequence.corrupted_tokens)
            ]
            yield {
                "kind": same(grid.name, rows * cols),
                "pair": absent if pair is None else np.full(rows * cols, float(pair)),
                "layer": np.repeat(np.array(props.layers, np.int64), cols),
                "position": columns if by_position else absent,
                "head": absent if by_position else columns,
                "clean_token": tokens[0],
                "corrupted_token": tokens[1],
                "effect": values.reshape(-1),
                "metric": np.array([metric_at(props, sequence, effect) for effect in values.reshape(-1).tolist()]),
            }
