"""Tokens against positions: which rows and columns of each sequence's patterns are shown, and what they are called."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from circuitsvis._common.arrays import FloatArray
from circuitsvis._input import padding_checks
from circuitsvis._input.padding_checks import Positions, Side


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
    tokens: tuple[str, ...], length: int, *, mask: Positions | None, side: Callable[[], Side], where: str
) -> Axes:
    """The axes where destination and source are one sequence.

    Args:
        tokens: of the sequence, with or without its padding.
        length: positions of the pattern.
        mask: the real positions if an attention_mask was given.
        side: the side of the padding, called only for a sequence that is shorter than the pattern; raises where it is unknown.
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
    positions = padding_checks.from_side(len(tokens), length, side())
    return Axes(positions, positions, tokens, None)


def check_one_fills(rows: Sequence[Sequence[object]], length: int, batch_size: int, bos: str | None) -> None:
    """Refuses sequences that are all shorter than the pattern: then tokens are missing, or padding cannot be told from that.

    Args:
        rows: the tokens of every sequence that was given.
        length: positions of the pattern.
        batch_size: sequences of the patterns; with fewer rows, those of the others are unknown.
        bos: the text of the token with which the model's tokenizer begins a sequence, if it has one.

    Raises:
        ValueError: no row has `length` tokens. Rows that are longer are another error's matter.
    """
    longest = max(map(len, rows))
    if longest >= length:
        return
    if len(rows) < batch_size:
        raise ValueError(
            f"tokens: the sequence has {longest} tokens but its pattern {length} positions, and the tokens of the other "
            f"{batch_size - 1} sequences of the batch are not there to show whether it is padded; give a list of tokens for "
            'each sequence, or padding_side="right" or "left", or attention_mask='
        )
    subject = "tokens: sequence 0 has" if len(rows) == 1 else f"tokens: the longest of {len(rows)} sequences has"
    reason = "the tokens of some positions are missing"
    if length - longest == 1 and bos is not None and not any(row[0] == bos for row in rows):
        reason = f"the model saw a token before them, probably BOS ({bos!r})"
    elif length - longest == 1:
        reason = "the token of one position is missing, perhaps BOS"
    raise ValueError(
        f"{subject} {longest} tokens but the pattern has {length} positions: {reason}; pass the tokens of this forward pass, "
        'e.g. model.to_str_tokens(prompt, prepend_bos=True), or padding_side="right" or "left" if the other positions are padding'
    )


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
        kept.append(padding_checks.from_side(len(tokens), length, side))
    return Axes(kept[0], kept[1], dest_tokens, src_tokens)


def _not_longer(where: str, tokens: tuple[str, ...], length: int) -> None:
    if len(tokens) > length:
        raise ValueError(
            f"{where} has {len(tokens)} tokens, but the pattern has {length} positions; "
            "give the tokens of this forward pass (with the BOS token only if the model saw it)"
        )
