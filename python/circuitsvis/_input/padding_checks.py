"""Which positions of a padded sequence are real: from arguments, or from masked positions that the patterns show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import ArrayLike, FloatArray, to_float32

Side = Literal["left", "right"]
Positions = slice | npt.NDArray[np.intp]


def from_mask(mask: ArrayLike, batch_size: int, length: int) -> list[Positions]:
    """The positions where an attention mask is 1, per sequence.

    Args:
        mask: [batch, position] or, for one sequence, [position]; 1 or True where the token is real.

    Raises:
        ValueError: another shape, other values than 0 and 1, or a sequence without any real position.
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
    """The positions of `n_tokens` tokens padded to `length` on that side."""
    return slice(length - n_tokens, length) if side == "left" else slice(0, n_tokens)


def masked_side(heads: Sequence[FloatArray], n_tokens: int) -> Side | None:
    """The side on which `length - n_tokens` positions are masked in one sequence's square patterns; None if none are.

    A position is masked if no row attends to it, itself included. Rows of padding prove nothing where all of their sources
    are masked: HookedTransformer leaves them empty, a softmax fills them with 1/n at all n sources that it has, later ones
    included (in a generation n is the prompt's length). Both are ignored.

    Args:
        heads: one [position, position] per head; NaN is no attention.
        n_tokens: real tokens, fewer than positions.
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
        # Right padding is only visible in the rows of the padding itself: causal rows before them never reach it.
        if np.array_equal(attended, real) and (side == "left" or informative[~real].any()):
            return side
    return None


def _uniform_to_later(weights: FloatArray) -> npt.NDArray[np.bool_]:
    """Which rows attend equally to all of the first sources, up to one later than themselves."""
    length = weights.shape[-1]
    last = length - 1 - (weights[:, ::-1] != 0).argmax(-1)
    expected = np.where(np.arange(length) <= last[:, None], weights[:, :1], 0)
    uniform: npt.NDArray[np.bool_] = (weights == expected).all(-1) & (last > np.arange(length))
    return uniform


def side_of(given: Side | None, masked: Side | None, where: str) -> Side | None:
    """The side that was given, else the one that masked positions show; None for neither.

    Raises:
        ValueError: both, and they differ.
    """
    if given is not None and masked is not None and given != masked:
        raise ValueError(
            f'{where}: padding_side="{given}", but the masked positions of its pattern are on the {masked}; '
            f'pass padding_side="{masked}", or leave it out'
        )
    return given or masked


def unknown_side(where: str, n_tokens: int, length: int) -> ValueError:
    """The error for a sequence of which nothing shows where it is padded; `where` is "tokens: sequence 1"."""
    return ValueError(
        f"{where} has {n_tokens} tokens but its pattern has {length} positions, and nothing shows on which side the padding "
        'is; pass padding_side="right" or "left", or attention_mask='
    )
