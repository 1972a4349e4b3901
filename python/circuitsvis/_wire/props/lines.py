"""mode="lines": how a query's attention is computed from q and k."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from circuitsvis._wire.props.attention import AttentionProps, AttentionSequence, HeadSelector
from circuitsvis._wire.props.spans import Span
from circuitsvis._wire.props.tensor import SEPARATE_CHUNKS, Tensor


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
    queries: Tensor | None = field(metadata=SEPARATE_CHUNKS)
    keys: int | None
    dot: Tensor | None = field(metadata=SEPARATE_CHUNKS)
    added_term: Tensor | None = field(metadata=SEPARATE_CHUNKS)
    added_term_name: str | None


@dataclass(frozen=True)
class LinesSequence(AttentionSequence):
    """A sequence with the computation of its attention.

    Attributes:
        keys: (src, d_head) uint16, one scale per source, one chunk: of each key head once, however many heads read it.
        computations: one per head.
        segments: named parts of the source tokens, by which lines can be filtered, in the order of the tokens; empty for none.
            Destinations have the same parts if they are positions of the sources.
    """

    keys: tuple[Tensor, ...] = field(metadata=SEPARATE_CHUNKS)
    computations: tuple[Computation, ...]
    segments: tuple[Span, ...]


@dataclass(frozen=True)
class LinesViewProps(AttentionProps):
    """mode="lines": query tokens left, source tokens right, the computation of one query's attention between them.

    Attributes:
        head_selector: "head": one selector of all heads. "layer": one of layers, and one of the heads of the chosen layer.
    """

    sequences: tuple[LinesSequence, ...]
    head_selector: HeadSelector
