"""The argument `focus`: a dict that names what a figure shows first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from circuitsvis._common import checks
from circuitsvis._wire.props.attention import AttentionSequence, Head
from circuitsvis._wire.props.focus import Focus


class FocusArgument(TypedDict, total=False):
    """What a figure shows first: any of a sequence, a head, a destination and a source."""

    sequence: int
    head: str | int | tuple[int, int]
    dest: int
    src: int


_KEYS = tuple(FocusArgument.__annotations__)
_EXAMPLE = 'e.g. focus={"head": "9.6", "dest": 5, "src": 3}'


def check(focus: object) -> None:
    """Raises TypeError or ValueError for what cannot be a focus of any figure of heads, before anything is computed."""
    if focus is not None:
        check_keys(focus, _KEYS, ("sequence", "dest", "src"), _EXAMPLE)


def check_keys(focus: object, keys: Sequence[str], integers: Sequence[str], example: str) -> None:
    """Raises TypeError or ValueError unless it is a dict of these keys, those of `integers` with integers.

    Args:
        focus: as the user passed it.
        keys: those that the figure has.
        integers: the keys among them whose values are integers.
        example: of a right focus, for error messages.
    """
    if not isinstance(focus, Mapping):
        raise TypeError(f"focus: must be a dict, {example}, got {type(focus).__name__} {focus!r}")
    for key in focus:
        if key not in keys:
            raise ValueError(f"focus: its keys must be among {', '.join(map(repr, keys))}, got {key!r}; {example}")
    for key in integers:
        if key in focus:
            checks.integer(f"focus: {key}", focus[key])


def head_of(focus: FocusArgument | None, heads: Sequence[Head], parts: Sequence[str] = ()) -> int | None:
    """The index of the head that the focus names; of an attribution's other components, `parts`, counted on from the heads.

    Raises:
        TypeError, ValueError: there is no such head.
    """
    if focus is None or "head" not in focus:
        return None
    return head_index("focus: head", focus["head"], heads, parts)


def head_index(argument: str, wanted: object, heads: Sequence[Head], parts: Sequence[str] = ()) -> int:
    """The index of a head that is named, such as "9.6" or "L9H6", or given as a pair (layer, head) or an index.

    Args:
        argument: its name, for errors.
        wanted: what the user passed.
        heads, parts: as in `head_of`.

    Raises:
        TypeError, ValueError: there is no such head.
    """
    names = [head.name for head in heads]
    if isinstance(wanted, str):
        known = [*names, *parts]
        if wanted in known:
            return known.index(wanted)
        other = wanted[1:].replace("H", ".") if wanted.startswith("L") else f"L{wanted.replace('.', 'H')}"
        return _found(argument, names.index(other) if other in names else None, wanted, known)
    if isinstance(wanted, (tuple, list)):
        if len(wanted) != 2:
            raise ValueError(f"{argument}: must be a name, an index or a pair (layer, head), got {wanted!r}")
        layer, head = (checks.integer(argument, number) for number in wanted)
        pair = (f"{layer}.{head}", f"L{layer}H{head}")
        return _found(argument, next((i for i, name in enumerate(names) if name in pair), None), wanted, names)
    return checks.index(argument, wanted, len(heads), "index", f"{len(heads)} heads shown")


def resolve(focus: FocusArgument | None, head: int | None, sequences: Sequence[AttentionSequence]) -> Focus | None:
    """The focus as the page reads it; None for none.

    Args:
        focus: as the user passed it, checked.
        head: from `head_of`.
        sequences: those of the figure, in its order.

    Raises:
        ValueError: there is no such sequence or position.
    """
    if not focus:
        return None
    number = checks.index("focus", focus.get("sequence", 0), len(sequences), "sequence", f"{len(sequences)} sequences")
    sequence = sequences[number]
    src_tokens = sequence.src_tokens or sequence.dest_tokens
    src = checks.index("focus", focus["src"], len(src_tokens), "src", _tokens(src_tokens)) if "src" in focus else None
    return Focus(number, head, _dest(focus, sequence), src)


def _dest(focus: FocusArgument, sequence: AttentionSequence) -> int | None:
    """The index of the destination, which has the number that the page shows; negative ones count from the end."""
    if "dest" not in focus:
        return None
    dest = checks.integer("focus: dest", focus["dest"])
    positions = sequence.dest_positions
    if positions is None or dest < 0:
        return checks.index("focus", dest, len(sequence.dest_tokens), "dest", _tokens(sequence.dest_tokens))
    if dest not in positions:
        listed = ", ".join(map(str, positions[:8])) + (", ..." if len(positions) > 8 else "")
        raise ValueError(f"focus: dest {dest} is not among the destinations shown: {listed}")
    return positions.index(dest)


def _tokens(tokens: Sequence[str]) -> str:
    return f"a sequence of {len(tokens)} tokens"


def _found(argument: str, index: int | None, wanted: object, names: Sequence[str]) -> int:
    if index is None:
        listed = ", ".join(map(repr, names[:8])) + (", ..." if len(names) > 8 else "")
        raise ValueError(f"{argument} {wanted!r} is not shown: must be one of {listed}")
    return index
