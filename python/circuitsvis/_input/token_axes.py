"""Tokens matched with the positions of patterns: which rows and columns are shown, and with which tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from circuitsvis._common.arrays import FloatArray
from circuitsvis._input import padding_checks
from circuitsvis._input.padding_checks import Positions, Side


@dataclass(frozen=True)
class Axes:
    """The rows and columns of a pattern that are shown.

    Attributes:
        dest, src: real positions, without padding.
        dest_tokens, src_tokens: their tokens; src_tokens None if destinations and sources are the same.
    """

    dest: Positions
    src: Positions
    dest_tokens: tuple[str, ...]
    src_tokens: tuple[str, ...] | None

    def crop(self, head: FloatArray) -> FloatArray:
        """[dest, src] of these positions; a view if they are contiguous."""
        return head[self.dest][:, self.src]


def self_attention(
    tokens: tuple[str, ...],
    length: int,
    *,
    mask: Positions | None,
    side: Callable[[], Side],
    where: str,
    owner: str = "pattern",
) -> Axes:
    """The axes of a pattern whose destinations and sources are one sequence.

    Args:
        tokens: tokens of the sequence, with or without padding.
        length: number of positions of the pattern.
        mask: the real positions, if there is an attention_mask.
        side: returns the side of the padding, or raises if that is unknown; called only if there are fewer tokens than positions.
        where: beginning of error messages, e.g. "tokens: sequence 1".
        owner: what has the positions, for error messages.

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
    _not_longer(where, tokens, length, owner)
    positions = padding_checks.from_side(len(tokens), length, side())
    return Axes(positions, positions, tokens, None)


def check_one_fills(
    rows: Sequence[Sequence[object]], length: int, batch_size: int, bos: str | None, owner: str = "pattern"
) -> None:
    """Refuses a batch in which every sequence is shorter than the pattern: it may be padded, or tokens may be missing.

    Args:
        rows: the tokens of each sequence.
        length: number of positions of the pattern.
        batch_size: number of sequences of the patterns. With fewer rows, the tokens of the other sequences are unknown.
        bos: text of the token with which the tokenizer begins a sequence, if it has one.
        owner: what has the positions, for error messages.

    Raises:
        ValueError: no row has `length` tokens or more. Rows with more are refused elsewhere.
    """
    longest = max(map(len, rows))
    if longest >= length:
        return
    if len(rows) < batch_size:
        raise ValueError(
            f"tokens: the sequence has {longest} tokens but its {owner} {length} positions, and the tokens of the other "
            f"{batch_size - 1} sequences of the batch were not passed, so nothing shows whether it is padded; give a list of tokens for "
            'each sequence, or padding_side="right" or "left", or attention_mask='
        )
    subject = "tokens: sequence 0 has" if len(rows) == 1 else f"tokens: the longest of {len(rows)} sequences has"
    reason = "the tokens of some positions are missing"
    if length - longest == 1 and bos is not None and not any(row[0] == bos for row in rows):
        reason = f"the model saw a token before them, probably BOS ({bos!r})"
    elif length - longest == 1:
        reason = "the token of one position is missing, perhaps BOS"
    raise ValueError(
        f"{subject} {longest} tokens but the {owner} has {length} positions: {reason}; pass the tokens of this forward pass, "
        'e.g. model.to_str_tokens(prompt, prepend_bos=True), or padding_side="right" or "left" if the other positions are padding'
    )


def cross_attention(
    dest_tokens: tuple[str, ...], src_tokens: tuple[str, ...], shape: tuple[int, int], *, side: Side | None, where: str
) -> Axes:
    """The axes of a pattern whose destinations and sources are different sequences. `where`: e.g. "sequence 1".

    Raises:
        ValueError: more tokens than positions, or fewer without a `padding_side`.
    """
    positions: list[Positions] = []
    for name, tokens, length in (("destination", dest_tokens, shape[0]), ("source", src_tokens, shape[1])):
        subject = f"{'tokens' if name == 'destination' else 'src_tokens'}: {where}"
        if len(tokens) == length:
            positions.append(slice(None))
            continue
        _not_longer(subject, tokens, length)
        if side is None:
            raise ValueError(
                f"{subject} has {len(tokens)} tokens for {length} {name} positions; "
                'pass padding_side="right" or "left" if the other positions are padding'
            )
        positions.append(padding_checks.from_side(len(tokens), length, side))
    return Axes(positions[0], positions[1], dest_tokens, src_tokens)


def _not_longer(where: str, tokens: tuple[str, ...], length: int, owner: str = "pattern") -> None:
    if len(tokens) > length:
        raise ValueError(
            f"{where} has {len(tokens)} tokens, but the {owner} has {length} positions; "
            "give the tokens of this forward pass (with the BOS token only if the model saw it)"
        )
