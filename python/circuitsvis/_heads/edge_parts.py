"""What a score is split into: parts of a query or a key, and the tokens that a cell writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

EdgePartKind = Literal[
    "embed",
    "pos_embed",
    "head",
    "attention bias",
    "attention remainder",
    "attention",
    "mlp",
    "branch",
    "block",
    "bias",
    "unaccounted",
]


@dataclass(frozen=True)
class EdgePart:
    """What one component contributed to a query or a key.

    Attributes:
        kind: what it is. "attention" and "block" are the sums of an attention or a block whose parts the cache does not show. "bias" is
            what no component wrote: b_Q or b_K and the biases of norms. "unaccounted" is what remains of the cached query or key.
        layer, head: numbers, None where there is none.
    """

    kind: EdgePartKind
    layer: int | None = None
    head: int | None = None

    @property
    def name(self) -> str:
        """E.g. "1.3" of a head, "mlp 0", "embed"."""
        if self.head is not None:
            return f"{self.layer}.{self.head}"
        return self.kind if self.layer is None else f"{self.kind} {self.layer}"


@dataclass(frozen=True)
class WrittenToken:
    """A token whose logit the edge changes.

    Attributes:
        id: its id.
        text: its text.
        logit: what A · v W_O at the cell adds to its logit at the query's position, through the final norm and the unembedding alone.
    """

    id: int
    text: str
    logit: float
