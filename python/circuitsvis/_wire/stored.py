"""Where a site has the chunks that a page would carry: in the arrays of its Zarr store, beside the page."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from circuitsvis._wire.props.tensor import Tensor
from circuitsvis._wire.references import InBlocks


@dataclass(frozen=True)
class StoredChunk:
    """One chunk of a Zarr array, a file.

    Attributes:
        index: along the array's first axis.
        length: bytes of the file.
        check: CRC-32 of what its gzip stream holds, which stands at the end of that stream too.
    """

    index: int
    length: int
    check: int


@dataclass(frozen=True)
class Stored:
    """Where the chunks of one tensor are.

    Attributes:
        path: of the array, relative to the page.
        dtype: of the array: that of integers, which are codes minus the tensor's zero, or that of floats, which are values.
        chunks: one for each chunk of the tensor.
    """

    path: str
    dtype: str
    chunks: tuple[StoredChunk, ...]


Places: TypeAlias = Mapping[int, Stored]
"""By `id()` of the tensor, because equal tensors are slow to compare."""


class InStore:
    """As `InBlocks`, but of tensors that are in the store the JSON has [index, check, length] of each chunk.

    The first chunk of a tensor also has the path and the type of the array, which are those of all its chunks.
    """

    def __init__(self, places: Places) -> None:
        self._places = places
        self._blocks = InBlocks()

    def of(self, tensor: Tensor, *, separate: bool) -> Iterator[str]:
        """Each chunk as base64 text, as its block, or as its place in the store."""
        place = self._places.get(id(tensor))
        if place is None:
            return self._blocks.of(tensor, separate=separate)
        references = [[chunk.index, chunk.check, chunk.length] for chunk in place.chunks]
        array = [place.path, place.dtype]
        return (json.dumps([*numbers, *([] if i else array)]) for i, numbers in enumerate(references))
