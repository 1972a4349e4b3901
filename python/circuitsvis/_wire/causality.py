"""What the zeros of a pattern show about its mask: whether it is causal, and where given rows stand among the sources.

A causal mask leaves every source later than the destination at exactly zero, and a softmax leaves nothing else at zero. So
both halves of the evidence are needed: no attention to the future, and attention to the past and to the position itself. A
diagonal pattern, or a head that attends to one source per row, has zeros on both sides, and those are not called masked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import later_sources

_SHARE = 0.5
"""Share of the rows that must attend to themselves and to the past, in some head: windows and underflow hide it in others."""

_CONTROL = re.compile(r"<.*>|\[[A-Z]+\]")
"""Tokens that begin or end every text: two texts that share one may still be different texts."""


def is_causal(arrays: Sequence[FloatArray], *, forward: bool) -> bool:
    """Whether the sources right of the shifted diagonal are masked; row q stands at source q + (src - dest).

    Args:
        arrays: one [dest, src] per head, 1 < dest <= src, of one sequence of positions.
        forward: whether any head has a value other than zero right of the diagonal.
    """
    dest, src = arrays[0].shape
    if forward:
        return False
    later = later_sources(dest, src)
    if all(np.isnan(array[0, -1]) and np.isnan(array[later]).all() for array in arrays):
        return True  # whoever made the array left these cells without a value
    return _attends_back(arrays, np.arange(src - dest, src))


def positions_among_sources(
    dest_tokens: Sequence[str], src_tokens: Sequence[str], arrays: Sequence[FloatArray]
) -> tuple[int, ...] | None:
    """Where the destinations stand among the sources if both are one sequence, of which only some rows were kept.

    A causal row reaches exactly as far as its own position. That position is taken if the source there has the row's token.
    None where the rows reach elsewhere, as in cross-attention, or where nothing shows that it is one sequence.
    """
    dest, src = arrays[0].shape
    last = np.full(dest, -1)
    for array in arrays:
        used = _nonzero(array)[:, ::-1]
        last = np.maximum(last, np.where(used.any(axis=1), src - 1 - used.argmax(axis=1), -1))
        if np.count_nonzero(last == src - 1) > 1:  # as in most cross-attention: two rows cannot stand at one position
            return None
    positions = tuple(int(position) for position in last)
    if min(positions) < 0 or len(set(positions)) < dest:
        return None
    if any(token != src_tokens[position] for token, position in zip(dest_tokens, positions, strict=True)):
        return None
    if positions == (src - 1,):  # a single row with nothing after it: its token is all the evidence
        return None if _CONTROL.fullmatch(dest_tokens[0]) else positions
    return positions if _attends_back(arrays, last) else None


def _attends_back(arrays: Sequence[FloatArray], positions: npt.NDArray[np.intp]) -> bool:
    """Whether enough rows attend to their own position and to earlier ones, each in some head. Nothing later has a value."""
    rows = np.arange(len(positions))
    itself, earlier = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    needed = _SHARE * np.count_nonzero(positions > 0)  # position 0 has nothing earlier
    for array in arrays:
        used = _nonzero(array)
        own = used[rows, positions]
        itself |= own
        earlier |= np.count_nonzero(used, axis=1) > own
        if np.count_nonzero(itself & earlier) >= max(needed, 1):
            return True
    return False


def _nonzero(array: FloatArray) -> npt.NDArray[np.bool_]:
    used: npt.NDArray[np.bool_] = (array != 0.0) & ~np.isnan(array)
    return used
