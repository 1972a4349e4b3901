"""The table of what is measured. A new size or peer is a new row here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Mode = Literal["small", "large"]


@dataclass(frozen=True)
class Size:
    """One set of patterns: `layers` x `heads` of `tokens` x `tokens`."""

    layers: int
    heads: int
    tokens: int

    @property
    def n_heads(self) -> int:
        return self.layers * self.heads

    @property
    def name(self) -> str:
        return f"{self.n_heads} x {self.tokens}"

    @property
    def slug(self) -> str:
        return f"{self.n_heads}x{self.tokens}"


@dataclass(frozen=True)
class Peer:
    """Another tool's way to do the same job.

    Attributes:
        name: how the report calls it.
        worker: module of this package that runs its Python side, in the peers' environment.
        call: what the worker is told to call.
    """

    name: str
    worker: str
    call: str


@dataclass(frozen=True)
class Case:
    """Our mode against what people use for the same job, on one size."""

    size: Size
    mode: Mode
    peers: tuple[Peer, ...]

    @property
    def name(self) -> str:
        return f"{self.size.name}, {self.mode}"

    @property
    def slug(self) -> str:
        return f"{self.size.slug}-{self.mode}"


ATTENTION_PATTERNS = Peer("circuitsvis 1.43.3 attention_patterns", "worker_circuitsvis1", "attention_patterns")
ATTENTION_HEADS = Peer("circuitsvis 1.43.3 attention_heads", "worker_circuitsvis1", "attention_heads")

ONE_LAYER = Size(layers=1, heads=12, tokens=128)
GPT2_SMALL = Size(layers=12, heads=12, tokens=128)

CASES = (
    Case(ONE_LAYER, "small", (ATTENTION_PATTERNS,)),
    Case(ONE_LAYER, "large", (ATTENTION_HEADS,)),
    Case(GPT2_SMALL, "small", (ATTENTION_PATTERNS,)),
    Case(GPT2_SMALL, "large", (ATTENTION_HEADS,)),
)
