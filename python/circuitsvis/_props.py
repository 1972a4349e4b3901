"""The contract with the front end: one frozen dataclass per component.

`frontend/src/props.ts` mirrors this file: same interfaces, same fields, in camelCase. `_encode.py` is the only
place where these objects become JSON, `frontend/src/decode.ts` the only place where that JSON becomes numbers.
Axis names: head, dest (query position), src (key position).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AttentionType = Literal["standard", "value-weighted", "info-weighted"]
Layout = Literal["full", "causal"]


@dataclass(frozen=True)
class Tensor:
    """A tensor in fixed point, cut in chunks that can be decoded one by one.

    Attributes:
        dtype: width of a code, "uint8" or "uint16".
        shape: e.g. (head, dest, src) or (head, src).
        layout: "full" is C order. "causal" (3-D only, dest <= src) keeps, of row q, only the columns
            0 .. q + (src - dest): the others are masked and have no value.
        zero: the code of the value 0: 0 where all values are >= 0, else the middle code.
        scales: one per index of the first axis. value = (code - zero) * scale.
        missing: the code of "no value here" (NaN in the input, or masked), None where every code is a value.
        error_bound: largest possible |decoded - given| over the tensor, half the largest scale.
        chunks: base64 of zlib of byte planes (for uint16 all high bytes, then all low bytes). Either one chunk
            for the whole tensor, or one per index of the first axis.
    """

    dtype: Literal["uint8", "uint16"]
    shape: tuple[int, ...]
    layout: Layout
    zero: int
    scales: tuple[float, ...]
    missing: int | None
    error_bound: float
    chunks: tuple[str, ...]


@dataclass(frozen=True)
class Head:
    """One head on the page: `name` as written ("9.6", "L9H6", or the user's); `layer` groups, None if there is none."""

    name: str
    layer: int | None


@dataclass(frozen=True)
class Sequence:
    """One sequence of the batch, without its padding.

    Attributes:
        label: what the batch selector shows, as HTML (the front end sanitises it).
        dest_tokens: text of each destination (query) token, unchanged.
        src_tokens: text of each source (key) token; None where it is the same list as `dest_tokens`.
        attention: (head, dest, src), the unweighted values, one chunk per head.
        preview: (head, ceil(dest / preview_block), ceil(src / preview_block)) uint8, layout "full", one chunk: in each
            block of cells the value that is largest in magnitude; `missing` where a block has no value at all.
        preview_block: side of a block in cells, 1 where the preview shows each cell.
        value_weights: (head, src), |v| / max |v| in [0, 1]; None where the cache holds no v.
        info_weights: (head, src), |v W_O| / max |v W_O| in [0, 1]; None where v or W_O is missing.
            Weighted attention at [head, q, k] is attention * weights[head, k].
    """

    label: str
    dest_tokens: tuple[str, ...]
    src_tokens: tuple[str, ...] | None
    attention: Tensor
    preview: Tensor
    preview_block: int
    value_weights: Tensor | None
    info_weights: Tensor | None


@dataclass(frozen=True)
class AttentionProps:
    """What both attention views are given.

    Attributes:
        title: heading as plain text, or None.
        help: paragraphs of plain text, empty unless help was asked for.
        heads: the heads in the order they are shown; the first axis of every tensor follows it.
        sequences: at least one; the batch selector appears where there are several.
        selector: the batch selector's form.
        attention_type: where the view starts. The types on offer are "standard" and those whose weights all
            sequences have.
        value_range: (low, high) of the colour scale, low <= 0 < high. low < 0 makes the scale diverging: zero is the
            neutral colour and both ends have the same magnitude per unit of colour.
    """

    title: str | None
    help: tuple[str, ...]
    heads: tuple[Head, ...]
    sequences: tuple[Sequence, ...]
    selector: Literal["dropdown", "radio"]
    attention_type: AttentionType
    value_range: tuple[float, float]


@dataclass(frozen=True)
class AttentionPatternsProps(AttentionProps):
    """mode="small": an overview of all heads, thumbnails beside it, the token strip below."""


@dataclass(frozen=True)
class AttentionHeadsProps(AttentionProps):
    """mode="large": thumbnails above, one labelled heatmap, the token strip below."""
