"""The contract with the front end: one frozen dataclass per component.

`frontend/src/props.ts` mirrors this file: same interfaces, same fields, in camelCase. `_wire/serialize.py` is the only
place where these objects become JSON, `frontend/src/data/decode.ts` the only place where that JSON becomes numbers.
Axis names: head, dest (query position), src (key position).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

AttentionType = Literal["standard", "value-weighted", "info-weighted"]
Layout = Literal["full", "causal"]
HeadSelector = Literal["head", "layer"]
DisplayMode = Literal["dark", "light", "auto"]


@dataclass(frozen=True)
class Tensor:
    """A tensor in fixed point, cut in chunks that can be decoded one by one.

    Attributes:
        dtype: width of a code: "uint8", "uint16", or "uint24" (as precise as float32 at the largest magnitude).
        shape: e.g. (head, dest, src) or (head, src).
        layout: "full" is C order. "causal" (3-D only, dest <= src) keeps, of row q, only the columns
            0 .. q + (src - dest): the others are masked and have no value (`_wire/causality.py` has what that takes).
        zero: the code of the value 0: 0 where all values are >= 0, else the middle code.
        scales: one per index of the first axis. value = (code - zero) * scale.
        missing: the code of "no value here" (NaN in the input, or masked), None where every code is a value.
        error_steps: largest possible |decoded - given| in steps, so `error_steps * scales[i]` at index i of the first axis.
        chunks: zlib of byte planes (all high bytes first, all low bytes last), in the JSON as base64. Either one chunk for the
            whole tensor, or one per index of the first axis. A page keeps those that are read head by head apart (`serialize.blocks`).
    """

    dtype: Literal["uint8", "uint16", "uint24"]
    shape: tuple[int, ...]
    layout: Layout
    zero: int
    scales: tuple[float, ...]
    missing: int | None
    error_steps: float
    chunks: tuple[bytes, ...]

    @property
    def error_bound(self) -> float:
        """Largest possible |decoded - given| anywhere in the tensor. The page uses that of each index instead."""
        return self.error_steps * max(self.scales)


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
        dest_tokens: text of each destination (query) token, as given or decoded.
        src_tokens: text of each source (key) token; None where it is the same list as `dest_tokens`.
        dest_positions: position of each destination among the sources, where both are one sequence and not every position is
            a destination; else None.
        attention: (head, dest, src), the unweighted values, one chunk per head.
        preview: (head, ceil(dest / rows), ceil(src / cols)) uint8 for preview_block (rows, cols), layout "full", one chunk:
            in each block of cells the value that is largest in magnitude; `missing` where a block has no value at all. None
            in mode="lines", which has no thumbnails.
        preview_block: rows and columns of a block in cells, (1, 1) where the preview shows each cell.
        value_weights: (head, src), |v| / max |v| in [0, 1]; None where the cache holds no v.
        info_weights: (head, src), |v W_O| / max |v W_O| in [0, 1]; None where v or W_O is missing.
            Weighted attention at [head, q, k] is attention * weights[head, k].
    """

    label: str
    dest_tokens: tuple[str, ...]
    src_tokens: tuple[str, ...] | None
    dest_positions: tuple[int, ...] | None
    attention: Tensor
    preview: Tensor | None
    preview_block: tuple[int, int]
    value_weights: Tensor | None
    info_weights: Tensor | None


@dataclass(frozen=True)
class AttentionProps:
    """What both attention views are given.

    Attributes:
        title: heading as plain text, or None.
        help: paragraphs of plain text, empty unless help was asked for.
        notes: plain sentences about what the data showed that a reader of the page must know; empty where there is nothing.
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
    notes: tuple[str, ...]
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


@dataclass(frozen=True)
class Computation:
    """How the attention pattern of one head follows from q and k, as far as the cache shows.

    The softmax of dot + added_term, over the sources that have a score, is the pattern.

    Attributes:
        kind: "product": queries, keys and dot are present, added_term if the model adds something. "scores": the cached scores
            give the pattern, but no cached q and k give the scores; added_term holds the scores. "pattern": nothing in the
            cache gives the pattern.
        description: plain text on the stage of the vectors, or on why there is no product; may be empty.
        divisor: what q·k is divided by; None unless kind is "product".
        queries: (dest, d_head) uint16, one scale per destination, one chunk; None unless kind is "product".
        keys: index into `LinesSequence.keys`; None unless kind is "product".
        dot: (1, dest, src) uint24, layout of the attention: q·k / divisor from the unrounded vectors, `missing` where
            masked; None unless kind is "product".
        added_term: score - dot, shaped like dot: what the model adds to the product. The score itself for kind "scores".
        added_term_name: "position bias", "soft cap", "difference" or "score"; None if there is no added_term.
    """

    kind: Literal["product", "scores", "pattern"]
    description: str
    divisor: float | None
    queries: Tensor | None
    keys: int | None
    dot: Tensor | None
    added_term: Tensor | None
    added_term_name: str | None


@dataclass(frozen=True)
class LinesSequence(Sequence):
    """A sequence with the computation of its attention.

    Attributes:
        keys: (src, d_head) uint16, one scale per source, one chunk: of each key head once, however many heads read it.
        computations: one per head.
    """

    keys: tuple[Tensor, ...]
    computations: tuple[Computation, ...]


@dataclass(frozen=True)
class LinesViewProps(AttentionProps):
    """mode="lines": query tokens left, source tokens right, the computation of one query's attention between them.

    Attributes:
        head_selector: "head": one selector of all heads. "layer": one of layers, and one of the heads of the chosen layer.
        display_mode: "dark" or "light" panel, or "auto" to follow the host.
    """

    sequences: tuple[LinesSequence, ...]
    head_selector: HeadSelector
    display_mode: DisplayMode


@dataclass(frozen=True)
class AttributionSequence(Sequence):
    """A sequence whose values are what each head wrote along a direction, by source; and what everything else wrote.

    A destination's total is the sum of its component totals.

    Attributes:
        targets: per destination, what it is the logit of: " Mary", " Mary − John", "direction".
        component_totals: (component, dest) uint24: per destination what each component wrote in all. The heads first, then the
            parts; a head's is the sum over its sources.
        total: (1, dest) uint24: the logit, logit difference, or product with the direction.
    """

    targets: tuple[str, ...]
    component_totals: Tensor
    total: Tensor


@dataclass(frozen=True)
class AttributionViewProps(AttentionProps):
    """Direct logit attribution: what each component adds to a logit, heads by source position.

    Attributes:
        parts: the components without sources, named as on the page: "embed", "MLP 0", "bias", "other", ...
        mode: "small" or "large".
        split_signs: two pictures, one of what adds and one of what takes away, in place of one.
        soft_cap: the cap that the model puts on its logits after this sum; None where it puts none.
    """

    sequences: tuple[AttributionSequence, ...]
    parts: tuple[Head, ...]
    mode: Literal["small", "large"]
    split_signs: bool
    soft_cap: float | None
