"""Props to text: JSON, and base64 blocks for the chunks that travel apart. `frontend/src/data/blocks.ts` joins them again."""

from __future__ import annotations

import binascii
import dataclasses
import itertools
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TypeGuard

from circuitsvis._wire import views
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.tensor import Tensor

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def to_json(props: FigureProps, *, separate: bool = False) -> Iterator[str]:
    """The figure as JSON, {"view": NAME, "props": ...}: ASCII. So is each figure in its props.

    It is yielded in pieces, because a page may be large. Each chunk of a tensor is one piece, and becomes text only here.

    Args:
        separate: writes a block's number and checksum instead of each chunk of fields that are marked with `SEPARATE_CHUNKS`, so that
            the page can read what it needs first without reading the rest.
    """
    yield from _pieces(props, itertools.count() if separate else None, separate=False)


def blocks(props: FigureProps) -> Iterator[tuple[int, str]]:
    """Number and base64 text of each chunk that `to_json` leaves out with `separate`.

    Blocks follow in the order in which the page needs them: all chunks of the first head of the first sequence come first.
    """
    numbered = enumerate(_separate_chunks(props))
    for number, (_, data) in sorted(numbered, key=lambda item: item[1][0]):
        yield number, _base64(data)


def blocks_length(props: FigureProps) -> int:
    """Characters of all `blocks`, without making them."""
    return sum(4 * -(-len(data) // 3) for _, data in _separate_chunks(props))


def _separate_chunks(
    value: object, start: float = 0.0, width: float = 1.0, *, separate: bool = False
) -> Iterator[tuple[float, bytes]]:
    """Each separate chunk with its rank, in the order in which `_pieces` numbers them.

    The rank lies between 0 and 1: each tuple of props and each tensor of several chunks divides the range [start, start + width)
    of its parent evenly, so that chunks of the same sequence and head get about the same rank.

    Args:
        value: anything that props hold.
        start, width: the range of ranks of `value`.
        separate: whether the field that holds `value` is marked with `SEPARATE_CHUNKS`.
    """
    if isinstance(value, Tensor):
        if separate:
            for index, data in enumerate(value.chunks):
                yield start + width * index / len(value.chunks), data
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _separate_chunks(getattr(value, field.name), start, width, separate=_is_separate(field))
    elif _has_parts(value):
        for index, item in enumerate(value):
            yield from _separate_chunks(item, start + width * index / len(value), width / len(value), separate=separate)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _separate_chunks(item, start, width, separate=separate)


def _pieces(value: object, numbers: Iterator[int] | None, *, separate: bool) -> Iterator[str]:
    """The JSON of `value`.

    Args:
        value: anything that props hold.
        numbers: numbers of the next blocks; None if all chunks are written into the JSON.
        separate: whether the field that holds `value` is marked with `SEPARATE_CHUNKS`.
    """
    if isinstance(value, Tensor):
        yield from _tensor(value, numbers if separate else None)
    elif isinstance(value, FigureProps):
        yield f'{{"view":{_text(views.name_of(value))},"props":'
        yield from _fields(value, numbers)
        yield "}"
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from _fields(value, numbers)
    elif _has_parts(value):
        for index, item in enumerate(value):
            yield "," if index else "["
            yield from _pieces(item, numbers, separate=separate)
        yield "]"
    elif isinstance(value, Mapping):
        yield "{"
        for index, (key, item) in enumerate(value.items()):
            yield f"{',' if index else ''}{_text(key)}:"
            yield from _pieces(item, numbers, separate=separate)
        yield "}"
    else:
        yield _text(value)


def _fields(value: DataclassInstance, numbers: Iterator[int] | None) -> Iterator[str]:
    """The JSON object of a dataclass."""
    for index, field in enumerate(dataclasses.fields(value)):
        yield f"{',' if index else '{'}{_text(camel_case(field.name))}:"
        yield from _pieces(getattr(value, field.name), numbers, separate=_is_separate(field))
    yield "}"


def _tensor(tensor: Tensor, numbers: Iterator[int] | None) -> Iterator[str]:
    fields = {field.name: getattr(tensor, field.name) for field in dataclasses.fields(tensor) if field.name != "chunks"}
    yield "{" + ",".join(f"{_text(camel_case(name))}:{_text(value)}" for name, value in fields.items())
    yield ',"chunks":['
    if numbers is not None:
        # Every zlib stream ends in the Adler-32 of what it holds.
        yield ",".join(f"[{next(numbers)},{int.from_bytes(data[-4:], 'big')}]" for data in tensor.chunks)
    else:
        for index, data in enumerate(tensor.chunks):  # base64 needs no escaping
            yield ',"' if index else '"'
            yield _base64(data)
            yield '"'
    yield "]}"


def _is_separate(field: dataclasses.Field[object]) -> bool:
    return "separate_chunks" in field.metadata


def _has_parts(value: object) -> TypeGuard[tuple[object, ...]]:
    """Whether `value` is a tuple of dataclasses; tuples of texts and numbers are written in one go."""
    return isinstance(value, tuple) and len(value) > 0 and dataclasses.is_dataclass(value[0])


def camel_case(name: str) -> str:
    """A field's name in the JSON: "dest_tokens" becomes "destTokens"."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _text(value: object) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _base64(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii")
