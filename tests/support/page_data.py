"""Reads a figure's HTML as its page does: the view's name, its props, and the values of its tensors."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import dataclass
from typing import Any

from circuitsvis._wire.props.tensor import Tensor

from tests.support.reference import Float64, decode

_DATA = re.compile(r"<!--json:(.*?):(\d+):([0-9a-f]{8})-->", re.DOTALL)
_BLOCK = re.compile(r"<!--([0-9a-f]{8}):(\d+):(\d+):(.*?)-->")


@dataclass(frozen=True)
class PageData:
    """What one figure of a page holds. `tensors` are by path in the props, e.g. "sequences.0.attention"."""

    view: str
    props: dict[str, Any]
    tensors: dict[str, Float64]


def read(html: str) -> PageData:
    """The only figure in the HTML of a notebook's output or of a saved page."""
    figure, blocks = read_json(html)
    tensors: dict[str, Float64] = {}
    _collect(figure["props"], "", blocks, tensors)
    return PageData(figure["view"], figure["props"], tensors)


def read_json(html: str) -> tuple[Any, dict[int, bytes]]:
    """The JSON of the only figure, and its blocks by number. All lengths and checksums are right."""
    ((text, length, check),) = _DATA.findall(html)
    assert len(text) == int(length) and zlib.adler32(text.encode("ascii")) == int(check, 16)
    blocks: dict[int, bytes] = {}
    for owner, number, length, data in _BLOCK.findall(html):
        assert owner == check and len(data) == int(length)
        blocks[int(number)] = base64.b64decode(data)
    return json.loads(text), blocks


def chunk_of(chunk: Any, blocks: dict[int, bytes]) -> bytes:
    """A chunk, from its block if the JSON has a reference in its place."""
    if isinstance(chunk, str):
        return base64.b64decode(chunk)
    number, check = chunk
    assert int.from_bytes(blocks[number][-4:], "big") == check == zlib.adler32(zlib.decompress(blocks[number]))
    return blocks[number]


def _collect(value: Any, path: str, blocks: dict[int, bytes], tensors: dict[str, Float64]) -> None:
    if isinstance(value, dict) and "errorSteps" in value:
        chunks = [chunk_of(chunk, blocks) for chunk in value["chunks"]]
        tensors[path.lstrip(".")] = decode(
            Tensor(
                dtype=value["dtype"],
                shape=tuple(value["shape"]),
                layout=value["layout"],
                zero=value["zero"],
                scales=tuple(value["scales"]),
                missing=value["missing"],
                error_steps=value["errorSteps"],
                chunks=tuple(chunks),
            )
        )
    elif isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            _collect(item, f"{path}.{key}", blocks, tensors)
