"""Which positions of a padded sequence are real. Decided by what was said, else by the data; never guessed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import numpy.typing as npt

from circuitsvis._arrays import ArrayLike, FloatArray, to_float32

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


def infer_side(heads: Sequence[FloatArray], n_tokens: int, hint: Side | None, where: str) -> Side:
    """The side on which one sequence was padded, from its square patterns.

    Real tokens never attend to masked padding. If the last `n_tokens` rows do not attend to anything before them, the
    padding is left (also where a bridge fills the padded rows themselves with 1/length). If the first `n_tokens` rows of
    a pattern that is not causal do not attend to anything after them, it is right. A causal pattern never attends
    forward, so there right padding looks like left padding without a mask, and only the tokenizer can tell.

    Args:
        heads: one [position, position] per head.
        n_tokens: real tokens, fewer than positions.
        hint: the tokenizer's padding side, if there is one.
        where: "tokens: sequence 1", for the error.

    Raises:
        ValueError: the data and the hint leave it open.
    """
    length = heads[0].shape[-1]
    left = not any(np.any(head[length - n_tokens :, : length - n_tokens]) for head in heads)
    right = not any(np.any(head[:n_tokens, n_tokens:]) for head in heads)
    causal = right and not any(np.any(np.triu(head, 1)) for head in heads)
    if left:
        return "left"
    if right and not causal:
        return "right"
    if hint in ("left", "right"):
        return hint
    raise ValueError(
        f"{where} has {n_tokens} tokens but its pattern has {length} positions, and neither the data nor a tokenizer tells "
        'where the padding is; pass padding_side="right" or "left", or attention_mask='
    )
