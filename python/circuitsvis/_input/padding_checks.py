"""The real positions of padded sequences: from an attention mask, a side, or the masked positions of the patterns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import ArrayLike, FloatArray, to_float32

Side = Literal["left", "right"]
Positions = slice | npt.NDArray[np.intp]


def from_mask(mask: ArrayLike, batch_size: int, length: int) -> list[Positions]:
    """The positions of each sequence where an attention mask is 1.

    Args:
        mask: [batch, position] or, for one sequence, [position]; 1 or True where the token is real.

    Raises:
        ValueError: wrong shape, values other than 0 and 1, or a sequence without any real position.
    """
    values = np.atleast_2d(to_float32(mask, "attention_mask"))
    if values.shape != (batch_size, length):
        raise ValueError(
            f"attention_mask: must have shape [batch, position] = [{batch_size}, {length}], got {list(values.shape)}"
        )
    if not np.isin(values, (0.0, 1.0)).all():
        raise ValueError("attention_mask: must hold only 1 (real) and 0 (padding); additive masks are not supported")
    real = [np.flatnonzero(row) for row in values]
    for i, positions in enumerate(real):
        if positions.size == 0:
            raise ValueError(f"attention_mask: sequence {i} has no real position")
    return list(real)


def from_side(n_tokens: int, length: int, side: Side) -> Positions:
    """The positions of `n_tokens` tokens that are padded to `length` on this side."""
    return slice(length - n_tokens, length) if side == "left" else slice(0, n_tokens)


def masked_side(heads: Sequence[FloatArray], n_tokens: int) -> Side | None:
    """The side on which all positions but `n_tokens` are masked in the square patterns of one sequence; None if on neither.

    A position is masked if no row attends to it, not even its own. Rows of padding whose sources are all masked are ignored:
    HookedTransformer leaves them empty, and a softmax gives each of their n sources 1/n, later sources included (in a generation
    n is the length of the prompt).

    Args:
        heads: [position, position] of each head; NaN counts as no attention.
        n_tokens: number of real tokens, fewer than positions.
    """
    length = heads[0].shape[-1]
    attended = np.zeros(length, bool)
    informative = np.zeros(length, bool)
    for head in heads:
        weights = np.nan_to_num(head)
        rows = weights.any(-1) & (np.ptp(weights, axis=-1) > 0) & ~_uniform_to_later(weights)
        attended |= (weights[rows] != 0).any(0)
        informative |= rows
    sides: tuple[Side, Side] = ("left", "right")
    for side in sides:
        real = np.zeros(length, bool)
        real[from_side(n_tokens, length, side)] = True
        # Only the rows of right padding show whether it is masked: causal rows before it cannot attend to it.
        if np.array_equal(attended, real) and (side == "left" or informative[~real].any()):
            return side
    return None


def _uniform_to_later(weights: FloatArray) -> npt.NDArray[np.bool_]:
    """The rows that attend equally to all sources from the first one to one later than themselves."""
    length = weights.shape[-1]
    last = length - 1 - (weights[:, ::-1] != 0).argmax(-1)
    expected = np.where(np.arange(length) <= last[:, None], weights[:, :1], 0)
    uniform: npt.NDArray[np.bool_] = (weights == expected).all(-1) & (last > np.arange(length))
    return uniform


def side_of(padding_side: Side | None, masked: Side | None, where: str) -> Side | None:
    """The `padding_side` argument, else the side of masked positions; None if there is neither.

    Raises:
        ValueError: they differ.
    """
    if padding_side is not None and masked is not None and padding_side != masked:
        raise ValueError(
            f'{where}: padding_side="{padding_side}", but the masked positions of its pattern are on the {masked}; '
            f'pass padding_side="{masked}", or leave it out'
        )
    return padding_side or masked


def unknown_side(where: str, n_tokens: int, length: int, owner: str = "pattern") -> ValueError:
    """The error for a padded sequence whose side of padding is unknown. `where`: e.g. "tokens: sequence 1"."""
    return ValueError(
        f"{where} has {n_tokens} tokens but its {owner} has {length} positions, and nothing shows on which side the padding "
        'is; pass padding_side="right" or "left", or attention_mask='
    )
