"""Tensors in fixed point, and the mark of those whose chunks are not in the JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Dtype = Literal["uint8", "uint16", "uint24"]
Layout = Literal["full", "causal"]

SEPARATE_CHUNKS = {"separate_chunks": True}
"""Metadata of a field whose tensors the first picture does not need: `attention: Tensor = field(metadata=SEPARATE_CHUNKS)`.

In a page, their chunks follow the JSON, each in an element of its own. All other chunks are in the JSON.
"""


@dataclass(frozen=True)
class Tensor:
    """A tensor in fixed point, cut in chunks that can be decoded one by one.

    Attributes:
        dtype: width of a code: "uint8", "uint16", or "uint24" (as precise as float32 at the largest magnitude).
        shape: e.g. (head, dest, src) or (head, src).
        layout: "full" is C order. "causal" (3-D only, dest <= src) keeps, of row q, only the columns
            0 .. q + (src - dest): the others are masked and have no value (`_wire/causality.py` has the conditions).
        zero: the code of the value 0: 0 where all values are >= 0, else the middle code.
        scales: one per index of the first axis. value = (code - zero) * scale.
        missing: the code of "no value here" (NaN in the input, or masked); None if every code is a value.
        error_steps: largest possible |decoded - original| in steps, so `error_steps * scales[i]` at index i of the first axis.
        chunks: zlib of byte planes (all high bytes first, all low bytes last), in the JSON as base64. Either one chunk for the
            whole tensor, or one per index of the first axis. Those of a live figure are made when they are asked for.
    """

    dtype: Dtype
    shape: tuple[int, ...]
    layout: Layout
    zero: int
    scales: tuple[float, ...]
    missing: int | None
    error_steps: float
    chunks: Sequence[bytes]

    @property
    def error_bound(self) -> float:
        """Largest possible |decoded - original| anywhere in the tensor. The page uses the bound of each index of the first axis."""
        return self.error_steps * max(self.scales)
