"""Direct logit attribution: what each component adds to a logit, heads by source position."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from circuitsvis._wire.props.attention import AttentionProps, AttentionSequence
from circuitsvis._wire.props.tensor import Tensor

PartKind = Literal[
    "embed",
    "pos_embed",
    "mlp",
    "attention bias",
    "attention remainder",
    "branch",
    "bias",
    "b_U",
    "other",
    "unaccounted",
]


@dataclass(frozen=True)
class AttributionPart:
    """A component without sources: anything but a head that writes to the residual stream.

    Attributes:
        kind: what it is. "other" is everything that was not asked for, together; "unaccounted" is what the logit has beyond all
            components.
        name: as written on the page: "embed", "MLP 0", "bias", "other", ...
        layer: None where it belongs to none.
    """

    kind: PartKind
    name: str
    layer: int | None


@dataclass(frozen=True)
class AttributionSequence(AttentionSequence):
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
    """The sum that makes a logit: heads as signed patterns, everything else as totals.

    Attributes:
        parts: the components without sources, in the model's order; "other" and "unaccounted" last.
        mode: "small" or "large".
        split_signs: two pictures, one of what adds and one of what takes away, instead of one.
        soft_cap: the cap that the model puts on its logits after this sum; None where it puts none.
    """

    sequences: tuple[AttributionSequence, ...]
    parts: tuple[AttributionPart, ...]
    mode: Literal["small", "large"]
    split_signs: bool
    soft_cap: float | None
