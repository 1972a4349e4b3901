"""Which positions of which sequences are shown: the arguments for tokens and padding against the shape of the patterns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from circuitsvis import _padding, _positions, _tokens
from circuitsvis._arrays import ArrayLike, FloatArray
from circuitsvis._padding import Side
from circuitsvis._positions import Axes

Row = TypeVar("Row")

Matrices = Callable[[int], Sequence[FloatArray]]
"""The uncropped patterns of a sequence, [dest, src] each, asked for only where the data must tell the side of the padding."""


@dataclass(frozen=True)
class Batch:
    """The sequences of a cache and what was said about their tokens.

    Attributes:
        tokens: of each destination position.
        src_tokens: of each source position, None where they are the same.
        attention_mask: [batch, position], or None.
        padding_side: where the padding is, or None.
        shape: (batch, dest, src) of the patterns.
        model: decodes ids, and its tokenizer hints at the padding's side.
    """

    tokens: ArrayLike
    src_tokens: ArrayLike | None
    attention_mask: ArrayLike | None
    padding_side: Side | None
    shape: tuple[int, int, int]
    model: Any

    def axes(self, chosen: Sequence[int], matrices: Matrices) -> list[Axes]:
        """The shown positions of each chosen sequence and their tokens.

        Raises:
            TypeError, ValueError: the tokens or the mask do not fit the patterns.
        """
        _, n_dest, n_src = self.shape
        mask = self._check_mask()
        rows, nested = _tokens.per_sequence(self.tokens, "tokens", self.model)
        dest = pick("tokens", rows, nested, chosen, self.shape[0])
        if self.src_tokens is not None:
            src = self._rows("src_tokens", self.src_tokens, chosen)
            side = self.padding_side
            return [
                _positions.cross_attention(d, s, (n_dest, n_src), side=side, where=f"sequence {i}")
                for i, d, s in zip(chosen, dest, src, strict=True)
            ]
        if n_dest != n_src:
            raise ValueError(
                f"src_tokens: needed where patterns are not square: this one has {n_dest} destination and {n_src} "
                "source positions; give the destination tokens as tokens= and the source tokens as src_tokens="
            )
        if mask is None and self.padding_side is None:
            bos = getattr(getattr(self.model, "tokenizer", None), "bos_token", None)
            _positions.check_one_fills(rows, n_src, self.shape[0], bos)
        return [
            self._self_axes(i, tokens, None if mask is None else mask[i], matrices)
            for i, tokens in zip(chosen, dest, strict=True)
        ]

    def _self_axes(
        self, index: int, tokens: tuple[str, ...], mask: _padding.Positions | None, matrices: Matrices
    ) -> Axes:
        where = f"tokens: sequence {index}"

        def side() -> Side:
            hint = getattr(getattr(self.model, "tokenizer", None), "padding_side", None)
            return self.padding_side or _padding.side_of(matrices(index), len(tokens), hint, where)

        return _positions.self_attention(tokens, self.shape[2], mask=mask, side=side, where=where)

    def _check_mask(self) -> list[_padding.Positions] | None:
        if self.attention_mask is None:
            return None
        size, n_dest, n_src = self.shape
        if self.src_tokens is not None or n_dest != n_src:
            raise ValueError(
                "attention_mask: only for patterns of one sequence; with src_tokens pass padding_side instead"
            )
        return _padding.from_mask(self.attention_mask, size, n_src)

    def _rows(self, name: str, tokens: ArrayLike, chosen: Sequence[int]) -> list[tuple[str, ...]]:
        rows, nested = _tokens.per_sequence(tokens, name, self.model)
        return pick(name, rows, nested, chosen, self.shape[0])


def pick(name: str, rows: list[Row], nested: bool, chosen: Sequence[int], size: int) -> list[Row]:
    """The rows of the chosen sequences; one list alone is enough where one sequence is chosen.

    Raises:
        ValueError: not one row for each of the `size` sequences.
    """
    if not nested and len(chosen) == 1:
        return rows
    if len(rows) != size:
        given = f"{len(rows)} lists of tokens" if nested else "one list of tokens"
        raise ValueError(f"{name}: the cache holds {size} sequences, got {given}; give a list for each sequence")
    return [rows[i] for i in chosen]
