"""The sequences of a cache that are scored: their positions without padding, and their tokens if the user passed them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circuitsvis._alignment.batch import Batch
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._common.arrays import ArrayLike, FloatArray
from circuitsvis._heads import id_texts
from circuitsvis._input import padding_checks, token_ids
from circuitsvis._input.padding_checks import Positions, Side


@dataclass(frozen=True)
class ScoredSequence:
    """One sequence.

    Attributes:
        index: index in the batch.
        dest, src: its positions among those of the patterns, without padding.
        ids: its tokens, if they were passed as ids.
        texts: its tokens as text; None if none were passed.
    """

    index: int
    dest: Positions
    src: Positions
    ids: tuple[int, ...] | None = None
    texts: tuple[str, ...] | None = None

    @property
    def tokens(self) -> Sequence[Hashable] | None:
        """What shows which tokens are the same: ids, else texts."""
        return self.texts if self.ids is None else self.ids

    def token_ids(self, model: object) -> tuple[int, ...]:
        """The ids as passed, else from the texts. Raises ValueError if those do not determine them."""
        if self.ids is not None:
            return self.ids
        return token_ids.of_sequence(self.texts or (), f"tokens: sequence {self.index}", model)

    def crop(self, patterns: FloatArray) -> FloatArray:
        """[head, dest, src] without padding; a view if the positions are contiguous."""
        return patterns[:, self.dest][:, :, self.src]

    def positions(self, length: int) -> npt.NDArray[np.intp]:
        """The destinations as positions of the cache, which has `length` of them."""
        return np.arange(length)[self.dest]


def read(
    cache: AttentionCache,
    layers: Sequence[int],
    chosen: Sequence[int],
    tokens: ArrayLike | None,
    src_tokens: ArrayLike | None,
    attention_mask: ArrayLike | None,
    padding_side: Side | None,
    *,
    self_attention: bool,
) -> list[ScoredSequence]:
    """The chosen sequences.

    Args:
        cache: the activations.
        layers: the layers that are scored.
        chosen: indices in the batch.
        tokens, src_tokens, attention_mask, padding_side: as in `circuitsvis.heads.scores`.
        self_attention: whether destinations and sources are the same sequence.

    Raises:
        TypeError, ValueError: arguments that do not fit the patterns.
    """
    shape = cache.shape(layers)
    if tokens is None:
        sequences = _without_tokens(shape, chosen, src_tokens, attention_mask, padding_side)
        if self_attention and attention_mask is None and shape[0] > 1:
            for index in chosen:
                _check_no_padding(cache, layers, index)
        return sequences
    if src_tokens is None and not self_attention:
        raise ValueError(
            "src_tokens: needed for cross-attention, whose sources are another sequence; or pass no tokens at all"
        )
    tokens = id_texts.without_tokenizer(tokens, cache.model)
    batch = Batch(tokens, src_tokens, attention_mask, padding_side, shape, cache)
    axes = batch.axes(chosen)
    return [
        ScoredSequence(index, _as_slice(axis.dest), _as_slice(axis.src), ids, axis.dest_tokens)
        for index, axis, ids in zip(chosen, axes, batch.ids(chosen, axes), strict=True)
    ]


def _without_tokens(
    shape: tuple[int, int, int],
    chosen: Sequence[int],
    src_tokens: ArrayLike | None,
    attention_mask: ArrayLike | None,
    padding_side: Side | None,
) -> list[ScoredSequence]:
    if src_tokens is not None:
        raise ValueError("tokens: needed with src_tokens; pass the tokens of the destinations too")
    if padding_side is not None:
        raise ValueError(
            f"padding_side: {padding_side!r} does not say how long a sequence is without its tokens; pass tokens= or attention_mask="
        )
    size, n_dest, n_src = shape
    if attention_mask is not None:
        if n_dest != n_src:
            raise ValueError("attention_mask: only for patterns of one sequence, whose destinations are its sources")
        masks = padding_checks.from_mask(attention_mask, size, n_src)
        return [ScoredSequence(index, _as_slice(masks[index]), _as_slice(masks[index])) for index in chosen]
    return [ScoredSequence(index, slice(None), slice(None)) for index in chosen]


def _check_no_padding(cache: AttentionCache, layers: Sequence[int], index: int) -> None:
    """Raises ValueError if the first or the last position gets no attention at all, not even its own, in any of the layers."""
    sequence = CachedSequence(cache, index)
    attended = np.zeros(2, bool)
    for layer in layers:
        attended |= (sequence.patterns(layer)[:, :, [0, -1]] > 0).any((0, 1))
        if attended.all():
            return
    side = "left" if not attended[0] else "right"
    raise ValueError(
        f"tokens: sequence {index} seems to be padded on the {side}, because no query attends to the position at its end there; "
        "pass tokens= or attention_mask=, so that padding is left out"
    )


def _as_slice(positions: Positions) -> Positions:
    """A slice if the positions follow each other, because indexing with it copies nothing."""
    if isinstance(positions, slice) or len(positions) == 0 or np.any(np.diff(positions) != 1):
        return positions
    return slice(int(positions[0]), int(positions[-1]) + 1)
