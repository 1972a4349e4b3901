"""Which tokens of one text stand for which tokens of another, so that their patterns can be compared cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

Align: TypeAlias = Literal["positions", "tokens"]


@dataclass(frozen=True)
class Matched:
    """Pairs of positions, ascending in both texts.

    Attributes:
        a, b: the positions in each text; equally many.
        tokens: of each pair: the token, or "A / B" where the two differ.
        differing: the pairs whose tokens differ, by their number.
    """

    a: tuple[int, ...]
    b: tuple[int, ...]
    tokens: tuple[str, ...]
    differing: tuple[int, ...]


def match(a: Sequence[str], b: Sequence[str], align: Align, where: str) -> Matched:
    """The pairs of positions that are compared.

    Args:
        a, b: the tokens of both texts, without padding.
        align: "positions": the same position of texts of equal length. "tokens": the longest runs of equal tokens, as
            `difflib.SequenceMatcher` finds them; other tokens are left out.
        where: beginning of error messages, e.g. "tokens: sequence 0".

    Raises:
        ValueError: texts of different lengths with "positions"; no equal token with "tokens".
    """
    if align == "positions":
        if len(a) != len(b):
            raise ValueError(
                f"{where} has {len(a)} tokens in A and {len(b)} in B, so positions of one are not those of the other; make both texts "
                'equally long, or pass align="tokens" to compare the tokens that both have'
            )
        return _matched(a, b, range(len(a)), range(len(b)))
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    pairs = [(block.a + i, block.b + i) for block in blocks for i in range(block.size)]
    if not pairs:
        raise ValueError(
            f'{where} has no token that both texts have, so align="tokens" leaves nothing to compare; pass texts that share tokens, or '
            'equally long ones with align="positions"'
        )
    return _matched(a, b, [i for i, _ in pairs], [j for _, j in pairs])


def _matched(a: Sequence[str], b: Sequence[str], at: Sequence[int], bt: Sequence[int]) -> Matched:
    pairs = [(a[i], b[j]) for i, j in zip(at, bt, strict=True)]
    tokens = tuple(first if first == second else f"{first} /{_spaced(second)}" for first, second in pairs)
    differing = tuple(place for place, (first, second) in enumerate(pairs) if first != second)
    return Matched(tuple(at), tuple(bt), tokens, differing)


def _spaced(token: str) -> str:
    return token if token.startswith(" ") else f" {token}"
