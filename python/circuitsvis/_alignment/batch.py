"""The positions of each sequence of a batch that are shown, and their tokens: the arguments matched to the patterns' shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any, TypeVar

import numpy as np

from circuitsvis._alignment import first_layer, padding_evidence, token_evidence
from circuitsvis._cache.attention_cache import AttentionCache
from circuitsvis._cache.cached_sequence import CachedSequence
from circuitsvis._common.arrays import ArrayLike, FloatArray
from circuitsvis._input import padding_checks, token_axes, token_ids, token_lists
from circuitsvis._input.padding_checks import Side
from circuitsvis._input.token_axes import Axes

Row = TypeVar("Row")

_ENOUGH_HEADS = 64
"""Heads from which masked positions are read; a mask is the same in all heads."""


@dataclass(frozen=True)
class Batch:
    """The sequences of a cache, with the arguments that describe their tokens.

    Attributes:
        tokens: tokens of the destinations, as the user passed them.
        src_tokens: tokens of the sources; None if they are the same.
        attention_mask: [batch, position], or None.
        padding_side: the side of the padding, if passed.
        shape: (batch, dest, src) of the patterns.
        cache: the activations, which may show the side of the padding, with the model, which decodes ids.
    """

    tokens: ArrayLike | None
    src_tokens: ArrayLike | None
    attention_mask: ArrayLike | None
    padding_side: Side | None
    shape: tuple[int, int, int]
    cache: AttentionCache

    def axes(self, chosen: Sequence[int]) -> list[Axes]:
        """The shown positions of each chosen sequence and their tokens.

        Raises:
            TypeError, ValueError: the tokens or the mask do not fit the patterns.
        """
        _, n_dest, n_src = self.shape
        mask = self._check_mask()
        rows, nested = token_lists.per_sequence(self.tokens, "tokens", self._model)
        dest = pick("tokens", rows, nested, chosen, self.shape[0])
        if self.src_tokens is not None:
            sources, nested = token_lists.per_sequence(self.src_tokens, "src_tokens", self._model)
            src = pick("src_tokens", sources, nested, chosen, self.shape[0])
            side = self.padding_side
            return [
                token_axes.cross_attention(d, s, (n_dest, n_src), side=side, where=f"sequence {i}")
                for i, d, s in zip(chosen, dest, src, strict=True)
            ]
        if n_dest != n_src:
            raise ValueError(
                f"src_tokens: needed for patterns that are not square: these have {n_dest} destination and {n_src} "
                "source positions; give the destination tokens as tokens= and the source tokens as src_tokens="
            )
        if mask is None and self.padding_side is None:
            bos = getattr(getattr(self._model, "tokenizer", None), "bos_token", None)
            token_axes.check_one_fills(rows, n_src, self.shape[0], bos)
        axes = [
            token_axes.self_attention(
                tokens,
                n_src,
                mask=None if mask is None else mask[index],
                side=partial(self._side, index, len(tokens)),
                where=f"tokens: sequence {index}",
            )
            for index, tokens in zip(chosen, dest, strict=True)
        ]
        for index, ids, axis in zip(chosen, self.ids(chosen, axes), axes, strict=True):
            token_evidence.check(self.cache, index, axis.dest_tokens, ids, np.arange(n_src)[axis.dest])
        return axes

    def ids(self, chosen: Sequence[int], axes: Sequence[Axes]) -> list[tuple[int, ...] | None]:
        """The ids of the shown tokens of each chosen sequence; None for a sequence passed as text."""
        return ids_of(self.tokens, chosen, axes, self.shape[0])

    @property
    def _model(self) -> Any:
        return self.cache.model

    def _side(self, index: int, n_tokens: int) -> Side:
        """The side of the padding of one sequence, from the argument, else from the cache."""
        where = f"tokens: sequence {index}"
        masked = padding_checks.masked_side(self._patterns(index), n_tokens)
        side = padding_checks.side_of(self.padding_side, masked, where) or self._unmasked_side
        if side is None:
            raise padding_checks.unknown_side(where, n_tokens, self.shape[2])
        return side

    @cached_property
    def _unmasked_side(self) -> Side | None:
        """The side of the padding of a batch that was run without a mask; None if the cache does not show it."""
        length = self.shape[2]
        tokenizer = getattr(self._model, "tokenizer", None)
        padding, hint = (getattr(tokenizer, name, None) for name in ("pad_token_id", "padding_side"))
        rows, _ = token_lists.ids_per_sequence(self.tokens)
        ids = [row for row in rows if row is not None]
        if len(ids) == len(rows):
            side = padding_evidence.side(ids, length, self.cache, padding, hint)
        else:
            texts, _ = token_lists.per_sequence(self.tokens, "tokens", self._model)
            labels = [[None if "\ufffd" in text else text for text in row] for row in texts]
            label = None if padding is None else token_ids.text(padding, self._model)
            side = padding_evidence.side(labels, length, self.cache, label, hint)
        return side or self._side_from_weights(padding)

    def _side_from_weights(self, padding: int | None) -> Side | None:
        """The side on which the model's first layer reproduces the cached activations; None if it cannot be computed."""
        if first_layer.position_embedding(self._model) is None:
            return None
        texts, _ = token_lists.per_sequence(self.tokens, "tokens", self._model)
        rows, _ = token_lists.ids_per_sequence(self.tokens)
        try:
            ids = [
                row if row is not None else token_ids.of_sequence(text, "tokens", self._model)
                for row, text in zip(rows, texts, strict=True)
            ]
        except ValueError:  # texts that are not tokens of the tokenizer
            return None
        return first_layer.side(ids, self.shape[2], self.cache, padding)

    def _patterns(self, index: int) -> list[FloatArray]:
        """Patterns of one sequence, of the first cached layers."""
        heads: list[FloatArray] = []
        for layer in self.cache.layers:
            if self.cache.shape([layer]) == self.shape:
                heads += list(CachedSequence(self.cache, index).patterns(layer))
            if len(heads) >= _ENOUGH_HEADS:
                break
        return heads

    def _check_mask(self) -> list[padding_checks.Positions] | None:
        if self.attention_mask is None:
            return None
        size, n_dest, n_src = self.shape
        if self.src_tokens is not None or n_dest != n_src:
            raise ValueError(
                "attention_mask: only for patterns of one sequence; with src_tokens pass padding_side instead"
            )
        return padding_checks.from_mask(self.attention_mask, size, n_src)


def ids_of(
    tokens: ArrayLike | None, chosen: Sequence[int], axes: Sequence[Axes], size: int
) -> list[tuple[int, ...] | None]:
    """The ids of the shown tokens of each chosen sequence, of a batch of `size`; None for a sequence passed as text."""
    all_ids, nested = token_lists.ids_per_sequence(tokens)
    return [
        ids
        if ids is None or len(ids) == len(axis.dest_tokens)
        else tuple(np.array(ids)[axis.dest].tolist())  # ids passed with their padding
        for ids, axis in zip(pick("tokens", all_ids, nested, chosen, size), axes, strict=True)
    ]


def pick(name: str, rows: list[Row], nested: bool, chosen: Sequence[int], size: int) -> list[Row]:
    """The rows of the chosen sequences, from a row for every sequence, or a single row if one sequence is chosen.

    Raises:
        ValueError: there is not one row for each of the `size` sequences.
    """
    if not nested and len(chosen) == 1:
        return rows
    if len(rows) != size:
        lists = f"{len(rows)} lists of tokens" if nested else "one list of tokens"
        raise ValueError(f"{name}: the cache holds {size} sequences, got {lists}; give a list for each sequence")
    return [rows[i] for i in chosen]
