"""Arguments that name runs of tokens (`segments`, `spans`), checked and brought to indices of the tokens shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from circuitsvis._common import checks
from circuitsvis._wire.props.spans import Span

Bounds: TypeAlias = "tuple[int, int | None] | Sequence[int] | slice"
"""First token, and the one behind the last. None: up to the end."""
SpansOfSequence: TypeAlias = "int | Sequence[int] | Mapping[str, Bounds] | None"
"""Where the second part begins, where each part after the first begins, or the bounds of each part by its name."""
Spans: TypeAlias = "SpansOfSequence | Sequence[SpansOfSequence]"

_FORMS = "an int or a list of ints (where each part after the first begins), or a dict from names to (start, end)"


def of_sequences(argument: str, value: object, lengths: Sequence[int], indices: Sequence[int] | None = None,
                 batch_size: int | None = None) -> list[tuple[Span, ...]]:  # fmt: skip
    """The spans of each sequence in the order of their tokens; none where `value` is None.

    Args:
        argument: the argument's name.
        value: one form for all sequences, or a list with one form (or None) for each: those shown in their order, or all
            of the batch. Negative indices count from a sequence's end. A list of ints alone holds boundaries for all.
        lengths: tokens of each sequence shown, without padding.
        indices: the index of each of them in the batch. Default: 0, 1, ...
        batch_size: sequences of the batch. Default: as many as `lengths`.

    Raises:
        TypeError: no such form, or a position that is no integer.
        ValueError: out of range, empty or overlapping spans, or a wrong number of forms.
    """
    shown = list(range(len(lengths))) if indices is None else list(indices)
    total = len(shown) if batch_size is None else batch_size
    forms = _per_sequence(argument, _plain(value), shown, total)
    several = len(shown) > 1
    return [
        _of_one(f"{argument}: sequence {index}" if several else argument, _plain(form), length)
        for form, index, length in zip(forms, shown, lengths, strict=True)
    ]


def _plain(value: object) -> object:
    """Arrays and tensors as lists or ints."""
    return value.tolist() if hasattr(value, "tolist") else value


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))


def _per_sequence(argument: str, value: object, shown: Sequence[int], total: int) -> Sequence[object]:
    if not isinstance(value, Sequence) or not _is_list(value):
        return [value] * len(shown)
    nested = any(form is None or isinstance(form, Mapping) or _is_list(_plain(form)) for form in value)
    if not nested:
        if len(shown) > 1 and len(value) in (len(shown), total):
            n = len(value)
            raise ValueError(
                f"{argument}: {list(value)} may be {n} boundaries in every sequence or one in each of {n} sequences; "
                f"give a list for each sequence: {[[part] for part in value]} for one each, or {[list(value)] * 2} and so on"
            )
        return [value] * len(shown)
    if len(value) not in (len(shown), total):
        others = f" (or one for each of the {total} in the batch)" if total != len(shown) else ""
        raise ValueError(
            f"{argument}: needs one entry per sequence shown, got {len(value)} entries for {len(shown)} sequences{others}; "
            "give None for a sequence without any"
        )
    return value if len(value) == len(shown) else [value[index] for index in shown]


def _of_one(where: str, form: object, length: int) -> tuple[Span, ...]:
    if form is None:
        return ()
    if isinstance(form, Mapping):
        return _named(where, form, length)
    if isinstance(form, Sequence) and _is_list(form):
        if len(form) == 0:
            raise ValueError(f"{where}: needs at least one boundary, got an empty list; give None for no parts")
        boundaries = [_boundary(where, value, length) for value in form]
    else:
        boundaries = [_boundary(where, form, length)]
    if any(a >= b for a, b in pairwise(boundaries)):
        raise ValueError(f"{where}: boundaries must increase, got {boundaries}; give each once, from first to last")
    starts, ends = [0, *boundaries], [*boundaries, length]
    return tuple(Span(_letters(i), start, end) for i, (start, end) in enumerate(zip(starts, ends, strict=True)))


def _boundary(where: str, value: object, length: int) -> int:
    position = _integer(where, value)
    start = position + length if position < 0 else position
    if not 0 < start < length:
        advice = f"use 1..{length - 1}, or {1 - length}..-1 from the end" if length > 1 else "give None"
        raise ValueError(
            f"{where}: no part may be empty, so no part begins at {position} in {_tokens(length)} "
            f"(positions count the tokens shown, without padding); {advice}"
        )
    return start


def _integer(where: str, value: object) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{where}: must be {_FORMS}, got {type(value).__name__} {value!r}")
    return checks.integer(where, value)


def _named(where: str, form: Mapping[object, object], length: int) -> tuple[Span, ...]:
    if not form:
        raise ValueError(f"{where}: needs at least one name, got an empty dict; give None for no parts")
    spans = []
    for name, bounds in form.items():
        if not isinstance(name, str) or not name.strip():
            raise TypeError(f"{where}: names must be strings that are not empty, got {type(name).__name__} {name!r}")
        spans.append(_span(where, name, _plain(bounds), length))
    spans.sort(key=lambda span: span.start)
    for first, second in pairwise(spans):
        if second.start < first.end:
            raise ValueError(
                f"{where}: parts must not overlap, got {first.name!r} = ({first.start}, {first.end}) and "
                f"{second.name!r} = ({second.start}, {second.end}); the end is the position behind the last token"
            )
    return tuple(spans)


def _span(where: str, name: str, bounds: object, length: int) -> Span:
    if isinstance(bounds, slice) and bounds.step in (None, 1):
        ends: Sequence[object] = (0 if bounds.start is None else bounds.start, bounds.stop)
    elif isinstance(bounds, Sequence) and _is_list(bounds) and len(bounds) == 2:
        ends = bounds
    else:
        raise TypeError(f"{where}: {name!r} must be (start, end), got {type(bounds).__name__} {bounds!r}")
    start, end = (
        length if value is None and i == 1 else checks.integer(f"{where}: {('start', 'end')[i]} of {name!r}", value)
        for i, value in enumerate(ends)
    )
    first, last = (value + length if value < 0 else value for value in (start, end))
    if not 0 <= first < last <= length:
        raise ValueError(
            f"{where}: {name!r} needs 0 <= start < end <= {length} (it has {_tokens(length)} without padding; negative "
            f"positions count from its end, and None as end is the end), got ({start}, {end})"
        )
    return Span(name, first, last)


def _tokens(number: int) -> str:
    return f"{number} token{'' if number == 1 else 's'}"


def _letters(index: int) -> str:
    """A, B, ..., Z, AA, AB, ..."""
    name = ""
    index += 1
    while index > 0:
        index, letter = divmod(index - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
