"""Reads a figure's HTML as its page does: the view's name, its props, and the values of its tensors."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

from circuitsvis._wire.props.tensor import Tensor

from tests.support.reference import Float64, decode

_DATA = re.compile(r'<script type="application/json">(.*?)</script>', re.DOTALL)
_BLOCK = re.compile(r'<script type="text/plain" data-block="(\d+)">(.*?)</script>', re.DOTALL)


@dataclass(frozen=True)
class PageData:
    """What one figure of a page holds. `tensors` are by path in the props, e.g. "sequences.0.attention"."""

    view: str
    props: dict[str, Any]
    tensors: dict[str, Float64]


def read(html: str) -> PageData:
    """The only figure in the HTML of a notebook's output or of a saved page."""
    (text,) = _DATA.findall(html)
    blocks = {int(number): base64.b64decode(data) for number, data in _BLOCK.findall(html)}
    figure = json.loads(text)
    tensors: dict[str, Float64] = {}
    _collect(figure["props"], "", blocks, tensors)
    return PageData(figure["view"], figure["props"], tensors)


def _collect(value: Any, path: str, blocks: dict[int, bytes], tensors: dict[str, Float64]) -> None:
    if isinstance(value, dict) and "errorSteps" in value:
        chunks = [blocks[chunk] if isinstance(chunk, int) else base64.b64decode(chunk) for chunk in value["chunks"]]
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
