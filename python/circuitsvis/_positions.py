"""Tokens against positions: which rows and columns of each sequence's patterns are shown, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from circuitsvis import _padding
from circuitsvis._arrays import FloatArray
from circuitsvis._padding import Positions, Side

Heads = Callable[[], Sequence[FloatArray]]


@dataclass(frozen=True)
class Axes:
    """Positions to keep and the tokens they hold; `src_tokens` None where source and destination are the same."""

    dest: Positions
    src: Positions
    dest_tokens: tuple[str, ...]
    src_tokens: tuple[str, ...] | None

    def crop(self, head: FloatArray) -> FloatArray:
        """[dest, src] of the kept positions; a view where they are contiguous."""
        return head[self.dest][:, self.src]


def self_attention(
    tokens: tuple[str, ...],
    length: int,
    *,
    mask: Positions | None,
    side: Side | None,
    hint: Side | None,
    heads: Heads,
    where: str,
) -> Axes:
    """The axes where destination and source are one sequence.

    Args:
        tokens: of the sequence, with or without its padding.
        length: positions of the pattern.
        mask: the real positions if an attention_mask was given.
        side: padding_side if given.
        hint: the tokenizer's padding side if known.
        heads: the uncropped patterns, asked for only where the data must tell the side.
        where: "tokens: sequence 1".

    Raises:
        ValueError: the tokens do not fit the positions.
    """
    if mask is not None:
        n_real = len(range(length)[mask]) if isinstance(mask, slice) else len(mask)
        if len(tokens) == length:
            tokens = tuple(tokens[i] for i in mask) if not isinstance(mask, slice) else tokens[mask]
        elif len(tokens) != n_real:
            raise ValueError(
                f"{where} has {len(tokens)} tokens, but its attention_mask keeps {n_real} of {length} positions; "
                f"give {n_real} tokens, or {length} with the padding"
            )
        return Axes(mask, mask, tokens, None)
    if len(tokens) == length:
        return Axes(slice(None), slice(None), tokens, None)
    _not_longer(where, tokens, length)
    chosen = side or _padding.infer_side(heads(), len(tokens), hint, where)
    positions = _padding.from_side(len(tokens), length, chosen)
    return Axes(positions, positions, tokens, None)


def cross_attention(
    dest_tokens: tuple[str, ...], src_tokens: tuple[str, ...], shape: tuple[int, int], *, side: Side | None, where: str
) -> Axes:
    """The axes where destination and source are different sequences; `where` is "sequence 1".

    Raises:
        ValueError: the tokens do not fit the positions, or are fewer and no `padding_side` was given.
    """
    kept: list[Positions] = []
    for name, tokens, length in (("destination", dest_tokens, shape[0]), ("source", src_tokens, shape[1])):
        place = f"{'tokens' if name == 'destination' else 'src_tokens'}: {where}"
        if len(tokens) == length:
            kept.append(slice(None))
            continue
        _not_longer(place, tokens, length)
        if side is None:
            raise ValueError(
                f"{place} has {len(tokens)} tokens for {length} {name} positions; "
                'pass padding_side="right" or "left" if the rest is padding'
            )
        kept.append(_padding.from_side(len(tokens), length, side))
    return Axes(kept[0], kept[1], dest_tokens, src_tokens)


def _not_longer(where: str, tokens: tuple[str, ...], length: int) -> None:
    if len(tokens) > length:
        raise ValueError(
            f"{where} has {len(tokens)} tokens, but the pattern has {length} positions; "
            "give the tokens of this forward pass (with the BOS token only if the model saw it)"
        )
