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
    """A component that has one value per destination and no sources: everything but the heads.

    Attributes:
        kind: "other" is the sum of all components that were not selected; "unaccounted" is the logit minus all components.
        name: the text on the page: "embed", "MLP 0", "bias", "other", ...
        layer: the layer that it belongs to, or None.
    """

    kind: PartKind
    name: str
    layer: int | None


@dataclass(frozen=True)
class AttributionSequence(AttentionSequence):
    """A sequence whose `attention` holds what each head adds to the logit, by source, and the totals of all components.

    The logit of a destination is the sum of its component totals.

    Attributes:
        targets: per destination, the token or direction whose logit is shown: " Mary", " Mary − John", "direction".
        component_totals: (component, dest) uint24: what each component adds to the logit of each destination. The heads first, each
            summed over its sources, then the parts.
        total: (1, dest) uint24: the logit, logit difference, or product with the direction.
    """

    targets: tuple[str, ...]
    component_totals: Tensor
    total: Tensor


@dataclass(frozen=True)
class AttributionViewProps(AttentionProps):
    """Direct logit attribution: heads as signed patterns, all other components as totals.

    Attributes:
        parts: the components without sources, in the model's order; "other" and "unaccounted" last.
        mode: "small" or "large".
        split_signs: whether positive and negative values have a picture each.
        fixed_range: whether the user chose the end of the color scale: components that exceed it do not widen it.
        soft_cap: the soft cap that the model applies to its logits after this sum; None if it applies none.
    """

    sequences: tuple[AttributionSequence, ...]
    parts: tuple[AttributionPart, ...]
    mode: Literal["small", "large"]
    split_signs: bool
    soft_cap: float | None
    fixed_range: bool
