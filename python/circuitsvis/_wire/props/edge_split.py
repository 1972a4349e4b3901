"""Why a query attends to a key: its score, split over what wrote the query and the key."""

from __future__ import annotations

from dataclasses import dataclass

from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.tensor import Tensor


@dataclass(frozen=True)
class EdgeSide:
    """The query or the key.

    Attributes:
        position: of its token.
        token: the token's text.
        parts: names of what wrote it, in the order of the model, such as "0.3", "mlp 0"; the last one is what is unaccounted.
        sums: what each part adds to q·k / divisor, with all of the other side.
    """

    position: int
    token: str
    parts: tuple[str, ...]
    sums: tuple[float, ...]


@dataclass(frozen=True)
class EdgeToken:
    """A token whose logit the cell changes.

    Attributes:
        id: its id.
        text: its text.
        logit: what the cell adds to its logit.
    """

    id: int
    text: str
    logit: float


@dataclass(frozen=True)
class EdgeFocus:
    """What is pinned at first.

    Attributes:
        query: index of a part of the query; None for none.
        key: index of a part of the key; None for none.
    """

    query: int | None
    key: int | None


@dataclass(frozen=True)
class EdgeSplitProps(FigureProps):
    """One cell of a head's pattern.

    Attributes:
        head: its name, "9.6" or "L9H6".
        query: the destination.
        key: the source.
        table: (1, query part, key part) uint24: what each pair adds to q·k / divisor.
        attention: the probability.
        score: what the softmax read.
        divisor: what q·k is divided by.
        added: what the model adds to q·k / divisor.
        added_name: "position bias", "soft cap", "difference", or None for nothing.
        promoted: tokens whose logits the cell raises most, the strongest first; empty where they are not known.
        suppressed: tokens whose logits it lowers most.
        focus: None for nothing.
    """

    head: str
    query: EdgeSide
    key: EdgeSide
    table: Tensor
    attention: float
    score: float
    divisor: float
    added: float
    added_name: str | None
    promoted: tuple[EdgeToken, ...]
    suppressed: tuple[EdgeToken, ...]
    focus: EdgeFocus | None

    def summary(self) -> str:
        return f"head {self.head}, {len(self.query.parts)} x {len(self.key.parts)} parts of one score"
