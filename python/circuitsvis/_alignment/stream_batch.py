"""Tokens and positions of the sequences of a cache of residual streams, with or without patterns in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from circuitsvis._alignment import token_evidence
from circuitsvis._alignment.batch import Batch, ids_of, pick
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.hook_cache import HookCache, MissingActivationError
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input import padding_checks, token_axes, token_lists
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.token_axes import Axes

_OWNER = "residual stream"


class Aligned(NamedTuple):
    """The shown positions and tokens of each chosen sequence, and the ids of the tokens, None where they were passed as text."""

    axes: list[Axes]
    ids: list[tuple[int, ...] | None]


def align(
    cache: HookCache,
    shape: tuple[int, int],
    chosen: Sequence[int],
    tokens: ArrayLike,
    attention_mask: ArrayLike | None,
    padding_side: Side | None,
) -> Aligned:
    """The positions of the chosen sequences that are not padding, and their tokens.

    Args:
        cache: the activations, whose patterns, if there are any, may show the side of the padding.
        shape: (batch, position) of the streams.
        chosen: indices of the sequences.
        tokens, attention_mask, padding_side: as the user passed them.

    Raises:
        TypeError, ValueError: tokens or mask do not fit the streams.
    """
    size, length = shape
    patterns = _patterns(cache, shape)
    if patterns is not None:
        batch = Batch(tokens, None, attention_mask, padding_side, (size, length, length), patterns)
        axes = batch.axes(chosen)
        return Aligned(axes, batch.ids(chosen, axes))
    mask = None if attention_mask is None else padding_checks.from_mask(attention_mask, size, length)
    rows, nested = token_lists.per_sequence(tokens, "tokens", cache.model)
    texts = pick("tokens", rows, nested, chosen, size)
    if mask is None and padding_side is None:
        bos = getattr(getattr(cache.model, "tokenizer", None), "bos_token", None)
        token_axes.check_one_fills(rows, length, size, bos, _OWNER)
    axes = []
    for index, text in zip(chosen, texts, strict=True):
        where = f"tokens: sequence {index}"

        def side(where: str = where, count: int = len(text)) -> Side:
            if padding_side is None:
                raise padding_checks.unknown_side(where, count, length, _OWNER)
            return padding_side

        positions = None if mask is None else mask[index]
        axes.append(token_axes.self_attention(text, length, mask=positions, side=side, where=where, owner=_OWNER))
    ids = ids_of(tokens, chosen, axes, size)
    for index, own, axis in zip(chosen, ids, axes, strict=True):
        token_evidence.check(cache, index, axis.dest_tokens, own, np.arange(length)[axis.dest])
    return Aligned(axes, ids)


def _patterns(cache: HookCache, shape: tuple[int, int]) -> AttentionCache | None:
    """The cache as one of patterns; None if it holds none, or others than of these positions."""
    try:
        patterns = AttentionCache(cache.tensors, model=cache.model)
        return patterns if patterns.shape(patterns.layers[:1]) == (shape[0], shape[1], shape[1]) else None
    except (MissingActivationError, ValueError):
        return None
