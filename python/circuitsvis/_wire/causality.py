"""What the zeros of a pattern show about its mask: whether it is causal, and which position each row has among the sources.

A causal mask sets every source later than the destination to exactly zero, and a softmax sets nothing else to zero. So two
observations show a causal mask: no attention to later positions, and attention to earlier ones and to the position itself. A diagonal
pattern, or a head that attends to one source per row, has zeros on both sides; these are values, not masked cells.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import later_sources

_SHARE = 0.5
"""Share of the rows that must attend to themselves and to earlier positions, in any head. Sliding windows and underflow leave
zeros in the others."""

_CONTROL = re.compile(r"<.*>|\[[A-Z]+\]")
"""Special tokens, with which any text may begin or end: two different texts may share them."""


def is_causal(arrays: Sequence[FloatArray], *, forward: bool) -> bool:
    """Whether the sources right of the shifted diagonal are masked. Row q is at source position q + (src - dest).

    Args:
        arrays: one [dest, src] per head, 1 < dest <= src, of one sequence of positions.
        forward: whether any head has a value other than zero right of the diagonal.
    """
    dest, src = arrays[0].shape
    if forward:
        return False
    later = later_sources(dest, src)
    if all(np.isnan(array[0, -1]) and np.isnan(array[later]).all() for array in arrays):
        return True  # the caller has removed these cells already
    return _attends_back(arrays, np.arange(src - dest, src))


def positions_among_sources(
    dest_tokens: Sequence[str],
    src_tokens: Sequence[str],
    arrays: Sequence[FloatArray],
    *,
    self_attention: bool = False,
) -> tuple[int, ...] | None:
    """The position of each destination among the sources, if only some rows of one sequence were kept; else None.

    A causal row attends up to its own position, and the source there has the token of the row. Without such rows (no causal
    mask), only `self_attention` shows that there is one sequence, and only tokens that occur once in it show the position.

    Args:
        dest_tokens, src_tokens: text per position, not more destinations than sources.
        arrays: one [dest, src] per head.
        self_attention: whether destinations and sources are known to be positions of one sequence.
    """
    positions = _last_attended(arrays)
    if positions is not None and all(
        token == src_tokens[position] for token, position in zip(dest_tokens, positions, strict=True)
    ):
        last = arrays[0].shape[1] - 1
        if positions == (last,):  # a single row with nothing after it: its token is all the evidence
            confirmed = self_attention or not _CONTROL.fullmatch(dest_tokens[0])
        else:
            confirmed = _attends_back(arrays, np.array(positions))
        if confirmed:
            return positions
    return _only_occurrence(dest_tokens, src_tokens) if self_attention else None


def _last_attended(arrays: Sequence[FloatArray]) -> tuple[int, ...] | None:
    """The last source that each row attends to in any head; None if a row has none, or two rows have the same."""
    dest, src = arrays[0].shape
    last = np.full(dest, -1)
    for array in arrays:
        attended = _nonzero(array)[:, ::-1]
        last = np.maximum(last, np.where(attended.any(axis=1), src - 1 - attended.argmax(axis=1), -1))
        if np.count_nonzero(last == src - 1) > 1:  # most cross-attention; there is no need to read the other heads
            return None
    positions = tuple(int(position) for position in last)
    return None if min(positions) < 0 or len(set(positions)) < dest else positions


def _only_occurrence(dest_tokens: Sequence[str], src_tokens: Sequence[str]) -> tuple[int, ...] | None:
    """The positions at which the destination tokens follow each other among the sources, if there is exactly one such place."""
    n_dest = len(dest_tokens)
    starts = [
        start
        for start in range(len(src_tokens) - n_dest + 1)
        if tuple(src_tokens[start : start + n_dest]) == tuple(dest_tokens)
    ]
    return tuple(range(starts[0], starts[0] + n_dest)) if len(starts) == 1 else None


def _attends_back(arrays: Sequence[FloatArray], positions: npt.NDArray[np.intp]) -> bool:
    """Whether enough rows attend to their own position and to an earlier one, in any head.

    Args:
        arrays: one [dest, src] per head, without attention to sources later than `positions`.
        positions: the position of each row among the sources.
    """
    rows = np.arange(len(positions))
    to_itself, to_earlier = np.zeros(len(rows), bool), np.zeros(len(rows), bool)
    needed = _SHARE * np.count_nonzero(positions > 0)  # no position is earlier than 0
    for array in arrays:
        attended = _nonzero(array)
        itself = attended[rows, positions]
        to_itself |= itself
        to_earlier |= np.count_nonzero(attended, axis=1) > itself
        if np.count_nonzero(to_itself & to_earlier) >= max(needed, 1):
            return True
    return False


def _nonzero(array: FloatArray) -> npt.NDArray[np.bool_]:
    nonzero: npt.NDArray[np.bool_] = (array != 0.0) & ~np.isnan(array)
    return nonzero
