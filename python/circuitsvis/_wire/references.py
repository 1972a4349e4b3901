"""How the chunks of a tensor stand in the JSON of a figure: as base64 text, or as a reference to where they are."""

from __future__ import annotations

import binascii
import dataclasses
import itertools
import math
from collections.abc import Iterator, Mapping
from typing import Protocol, TypeGuard

from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.tensor import Tensor

LARGEST_NEAR = 4_000_000
"""Bytes, before compression, of the largest head that is in the output of a live figure: about 1 MB of text."""


class References(Protocol):
    """What decides how chunks are written."""

    def of(self, tensor: Tensor, *, separate: bool) -> Iterator[str]:
        """The JSON of each chunk of a tensor. `separate`: whether its field is marked with `SEPARATE_CHUNKS`."""


class Inline:
    """All chunks are in the JSON."""

    def of(self, tensor: Tensor, *, separate: bool) -> Iterator[str]:
        """Each chunk as base64 text."""
        del separate
        return map(quoted, tensor.chunks)


class InBlocks:
    """Separate chunks are blocks of the page: the JSON has [number, checksum]."""

    def __init__(self) -> None:
        self._numbers = itertools.count()

    def of(self, tensor: Tensor, *, separate: bool) -> Iterator[str]:
        """Each chunk as base64 text, or as the number of its block and its checksum."""
        if not separate:
            return map(quoted, tensor.chunks)
        # Every zlib stream ends in the Adler-32 of what it holds.
        return (f"[{next(self._numbers)},{int.from_bytes(data[-4:], 'big')}]" for data in tensor.chunks)


class FromKernel:
    """A kernel gives the chunks that the first picture does not need: the JSON has [number, 0].

    The first picture needs what belongs to the sequence that is shown first, and of its heads the one that is shown first, unless that is
    larger than `LARGEST_NEAR`.

    Args:
        props: of the figure. Its tensors are referenced, not copied.
    """

    def __init__(self, props: FigureProps) -> None:
        self._chunks: list[tuple[Tensor, int]] = []
        self._numbers: dict[int, int] = {}
        self._near: set[int] = set()
        focus = getattr(props, "focus", None)
        self._sequence = getattr(focus, "sequence", None) or 0
        self._head = getattr(focus, "head", None) or 0
        self._collect(props, separate=False, near=True)

    def __len__(self) -> int:
        return len(self._chunks)

    def chunk(self, number: int) -> bytes:
        """The zlib stream of a chunk.

        Raises:
            IndexError: no chunk has that number.
            ChangedError: the values were changed after the figure was made.
        """
        if not 0 <= number < len(self._chunks):
            raise IndexError(f"chunk {number}: the figure has {len(self._chunks)}")
        tensor, index = self._chunks[number]
        return tensor.chunks[index]

    def of(self, tensor: Tensor, *, separate: bool) -> Iterator[str]:
        """Each chunk as base64 text, or as its number."""
        del separate
        first = self._numbers[id(tensor)]
        for index in range(len(tensor.chunks)):
            near = first + index in self._near
            yield quoted(tensor.chunks[index]) if near else f"[{first + index},0]"

    def _collect(self, value: object, *, separate: bool, near: bool) -> None:
        """Numbers the chunks of all tensors in `value`. `near`: whether the first picture needs them, as far as that is known."""
        if isinstance(value, Tensor):
            self._add(value, separate=separate, near=near)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            for field in dataclasses.fields(value):
                self._collect_field(field, getattr(value, field.name), near=near)
        elif has_parts(value):
            for item in value:
                self._collect(item, separate=separate, near=near)
        elif isinstance(value, Mapping):
            for item in value.values():
                self._collect(item, separate=separate, near=near)

    def _collect_field(self, field: dataclasses.Field[object], value: object, *, near: bool) -> None:
        separate = is_separate(field)
        shown = {"sequences": self._sequence, "computations": self._head}.get(field.name)
        if shown is None or not has_parts(value):
            self._collect(value, separate=separate, near=near)
            return
        for index, item in enumerate(value):
            self._collect(item, separate=separate, near=near and index == shown)

    def _add(self, tensor: Tensor, *, separate: bool, near: bool) -> None:
        if id(tensor) in self._numbers:
            return
        first = self._numbers[id(tensor)] = len(self._chunks)
        self._chunks += [(tensor, index) for index in range(len(tensor.chunks))]
        if separate and _bytes_of_chunk(tensor) > LARGEST_NEAR:
            return
        if near and separate and len(tensor.chunks) > 1:
            self._near.add(first + min(self._head, len(tensor.chunks) - 1))
        elif near:
            self._near.update(range(first, len(self._chunks)))


def _bytes_of_chunk(tensor: Tensor) -> float:
    """About how many bytes a chunk has before it is compressed."""
    width = {"uint8": 1, "uint16": 2, "uint24": 3}[tensor.dtype]
    return width * math.prod(tensor.shape) / len(tensor.chunks) / (2 if tensor.layout == "causal" else 1)


def quoted(data: bytes) -> str:
    """A chunk as base64 text in JSON, which it needs no escapes for."""
    return f'"{binascii.b2a_base64(data, newline=False).decode("ascii")}"'


def is_separate(field: dataclasses.Field[object]) -> bool:
    """Whether a field is marked with `SEPARATE_CHUNKS`."""
    return "separate_chunks" in field.metadata


def has_parts(value: object) -> TypeGuard[tuple[object, ...]]:
    """Whether `value` is a tuple of dataclasses; tuples of texts and numbers are written in one go."""
    return isinstance(value, tuple) and len(value) > 0 and dataclasses.is_dataclass(value[0])
