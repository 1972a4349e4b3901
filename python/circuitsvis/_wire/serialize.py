"""Props to text: JSON, and the chunks behind it in base64. `frontend/src/data/blocks.ts` puts them together again."""

from __future__ import annotations

import binascii
import dataclasses
import itertools
import json
from collections.abc import Iterator

from circuitsvis._wire.props import AttentionProps, Tensor

_APART = frozenset({"attention", "keys", "queries", "dot", "added_term"})
"""Fields whose tensors are read head by head."""


def to_json(props: AttentionProps, *, apart: bool = False) -> Iterator[str]:
    """The figure as JSON, {"component": ..., "props": ...}, ASCII, safe inside a <script> element.

    In pieces, because a page may be large: a chunk of a tensor is one piece, and becomes text only now.

    Args:
        apart: in place of the chunks of what is read head by head, the numbers that they have in `blocks`: what is needed at first
            is then read without what is needed later.
    """
    yield f'{{"component":{_text(type(props).__name__.removesuffix("Props"))},"props":'
    yield from _pieces(props, itertools.count() if apart else None)
    yield "}"


def blocks(props: AttentionProps) -> Iterator[tuple[int, str]]:
    """The chunks that `to_json` leaves out with `apart`, and their numbers: in the order of the heads, whose first one a page waits for."""
    numbered = enumerate(_chunks_apart(props))
    for number, (_, data) in sorted(numbered, key=lambda item: item[1][0]):
        yield number, _base64(data)


def blocks_length(props: AttentionProps) -> int:
    """Characters of all `blocks`, without making them."""
    return sum(4 * -(-len(data) // 3) for _, data in _chunks_apart(props))


def _chunks_apart(
    value: object, name: str = "", start: float = 0.0, width: float = 1.0
) -> Iterator[tuple[float, bytes]]:
    """In the order in which `_pieces` meets them, with their place from 0 to 1 among all sequences and, within one, among all heads.

    Args:
        name: of the field that holds `value`.
        start, width: the place of `value`.
    """
    if isinstance(value, Tensor):
        if name in _APART:
            for index, data in enumerate(value.chunks):
                yield start + width * index / len(value.chunks), data
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _chunks_apart(getattr(value, field.name), field.name, start, width)
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _chunks_apart(item, name, start + width * index / len(value), width / len(value))


def _pieces(value: object, numbers: Iterator[int] | None, name: str = "") -> Iterator[str]:
    """`numbers`: of the next blocks; None where all chunks are written here. `name` is that of the field."""
    if isinstance(value, Tensor):
        plain = {f.name: getattr(value, f.name) for f in dataclasses.fields(value) if f.name != "chunks"}
        yield "{" + ",".join(f"{_text(_camel(key))}:{_text(part)}" for key, part in plain.items())
        yield ',"chunks":['
        if numbers is not None and name in _APART:
            yield ",".join(str(next(numbers)) for _ in value.chunks)
        else:
            for index, data in enumerate(value.chunks):  # base64: nothing to escape
                yield ',"' if index else '"'
                yield _base64(data)
                yield '"'
        yield "]}"
    elif dataclasses.is_dataclass(value):
        for index, field in enumerate(dataclasses.fields(value)):
            yield f"{',' if index else '{'}{_text(_camel(field.name))}:"
            yield from _pieces(getattr(value, field.name), numbers, field.name)
        yield "}"
    elif isinstance(value, tuple) and value and dataclasses.is_dataclass(value[0]):
        for index, item in enumerate(value):
            yield "," if index else "["
            yield from _pieces(item, numbers, name)
        yield "]"
    else:
        yield _text(value)


def _text(value: object) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii")
