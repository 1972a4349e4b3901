"""Props to text: JSON, and base64 blocks for the chunks that travel apart. `frontend/src/data/blocks.ts` joins them again."""

from __future__ import annotations

import binascii
import dataclasses
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from circuitsvis._wire import views
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.tensor import Tensor
from circuitsvis._wire.references import Inline, References, has_parts, is_separate
from circuitsvis._wire.stored import Places

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def to_json(props: FigureProps, references: References | None = None) -> Iterator[str]:
    """The figure as JSON, {"view": NAME, "props": ...}: ASCII. So is each figure in its props.

    It is yielded in pieces, because a page may be large. Each chunk of a tensor is one piece, and becomes text only here.

    Args:
        references: how chunks are written. `InBlocks`: the page can read what it needs first without reading the rest. None: as text.
    """
    yield from _pieces(props, references or Inline(), separate=False)


def blocks(props: FigureProps, places: Places | None = None) -> Iterator[tuple[int, str]]:
    """Number and base64 text of each chunk that `to_json` leaves out with `InBlocks`, or with `InStore` and the same places.

    Blocks follow in the order in which the page needs them: all chunks of the first head of the first sequence come first.
    """
    stored = places or {}
    numbered = enumerate(chunk for chunk in _separate_chunks(props) if id(chunk[1]) not in stored)
    for number, (_, tensor, index) in sorted(numbered, key=lambda item: item[1][0]):
        yield number, binascii.b2a_base64(tensor.chunks[index], newline=False).decode("ascii")


def blocks_length(props: FigureProps) -> int:
    """Characters of all `blocks`, without making them."""
    return sum(4 * -(-len(tensor.chunks[index]) // 3) for _, tensor, index in _separate_chunks(props))


def _separate_chunks(
    value: object, start: float = 0.0, width: float = 1.0, *, separate: bool = False
) -> Iterator[tuple[float, Tensor, int]]:
    """Each separate chunk, as its tensor and its index there, with its rank, in the order in which `_pieces` numbers them.

    The rank lies between 0 and 1: each tuple of props and each tensor of several chunks divides the range [start, start + width)
    of its parent evenly, so that chunks of the same sequence and head get about the same rank.

    Args:
        value: anything that props hold.
        start, width: the range of ranks of `value`.
        separate: whether the field that holds `value` is marked with `SEPARATE_CHUNKS`.
    """
    if isinstance(value, Tensor):
        if separate:
            for index in range(len(value.chunks)):
                yield start + width * index / len(value.chunks), value, index
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _separate_chunks(getattr(value, field.name), start, width, separate=is_separate(field))
    elif has_parts(value):
        for index, item in enumerate(value):
            yield from _separate_chunks(item, start + width * index / len(value), width / len(value), separate=separate)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _separate_chunks(item, start, width, separate=separate)


def _pieces(value: object, references: References, *, separate: bool) -> Iterator[str]:
    """The JSON of `value`.

    Args:
        value: anything that props hold.
        references: how chunks are written.
        separate: whether the field that holds `value` is marked with `SEPARATE_CHUNKS`.
    """
    if isinstance(value, Tensor):
        yield from _tensor(value, references.of(value, separate=separate))
    elif isinstance(value, FigureProps):
        yield f'{{"view":{_text(views.name_of(value))},"props":'
        yield from _fields(value, references)
        yield "}"
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from _fields(value, references)
    elif has_parts(value):
        for index, item in enumerate(value):
            yield "," if index else "["
            yield from _pieces(item, references, separate=separate)
        yield "]"
    elif isinstance(value, Mapping):
        yield "{"
        for index, (key, item) in enumerate(value.items()):
            yield f"{',' if index else ''}{_text(key)}:"
            yield from _pieces(item, references, separate=separate)
        yield "}"
    else:
        yield _text(value)


def _fields(value: DataclassInstance, references: References) -> Iterator[str]:
    """The JSON object of a dataclass."""
    for index, field in enumerate(dataclasses.fields(value)):
        yield f"{',' if index else '{'}{_text(camel_case(field.name))}:"
        yield from _pieces(getattr(value, field.name), references, separate=is_separate(field))
    yield "}"


def _tensor(tensor: Tensor, chunks: Iterator[str]) -> Iterator[str]:
    fields = {field.name: getattr(tensor, field.name) for field in dataclasses.fields(tensor) if field.name != "chunks"}
    yield "{" + ",".join(f"{_text(camel_case(name))}:{_text(value)}" for name, value in fields.items())
    yield ',"chunks":['
    for index, chunk in enumerate(chunks):
        if index:
            yield ","
        yield chunk
    yield "]}"


def camel_case(name: str) -> str:
    """A field's name in the JSON: "dest_tokens" becomes "destTokens"."""
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _text(value: object) -> str:
    return json.dumps(value, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
