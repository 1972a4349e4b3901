"""The cases: sizes, modes and peers. A new size or peer is a new row here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from benchmarks.browser.gestures import Gestures

Mode = Literal["small", "large", "lines"]


@dataclass(frozen=True)
class Size:
    """The size of an input: `layers` x `heads` patterns of `tokens` x `tokens`, for each of `sequences`."""

    layers: int
    heads: int
    tokens: int
    sequences: int = 1

    @property
    def n_heads(self) -> int:
        return self.layers * self.heads

    @property
    def name(self) -> str:
        return f"{self.sequences} x " * (self.sequences > 1) + f"{self.n_heads} x {self.tokens}"

    @property
    def slug(self) -> str:
        return self.name.replace(" ", "")


@dataclass(frozen=True)
class Peer:
    """A function of another tool for the same job.

    Attributes:
        name: its name in the report.
        worker: module in `workers/` that runs its Python side, in the peers' environment.
        call: the function that the worker calls.
        click, heads: how a head is chosen on its page (see `Gestures`).
        draws: False if only its Python side is measured.
    """

    name: str
    worker: str
    call: str
    click: bool = False
    heads: str | None = None
    draws: bool = True


@dataclass(frozen=True)
class Case:
    """One of our modes on one size, and its peers. `memory`: whether to measure the peak memory of our call too."""

    size: Size
    mode: Mode
    peers: tuple[Peer, ...] = ()
    memory: bool = False

    def gestures(self, peer: Peer | None = None) -> Gestures:
        """How a head is chosen on a page of ours, or of the peer."""
        queries = self.mode == "lines"
        if peer:
            return Gestures(peer.click, peer.heads, queries=queries)
        return Gestures(heads="[data-testid=head]", stage=OUR_STAGE, queries=queries)

    @property
    def name(self) -> str:
        return f"{self.size.name}, {self.mode}"

    @property
    def slug(self) -> str:
        return f"{self.size.slug}-{self.mode}"


ATTENTION_PATTERNS = Peer("circuitsvis 1.43.3 attention_patterns", "circuitsvis1", "attention_patterns")
ATTENTION_HEADS = Peer("circuitsvis 1.43.3 attention_heads", "circuitsvis1", "attention_heads")
MODEL_VIEW = Peer(
    "bertviz 1.4.1 model_view",
    "bertviz",
    "model_view",
    click=True,
    heads="#vis rect[style*='opacity: 0'][width]",
)
HEAD_VIEW = Peer(
    "bertviz 1.4.1 head_view", "bertviz", "head_view", click=True, heads='#vis rect[width="20"][height="20"]'
)
NEURON_VIEW = Peer("bertviz 1.4.1 neuron_view", "bertviz_neurons", "neuron_view")
INSPECTUS = Peer("inspectus 0.2.0 attention", "inspectus", "attention", click=True, heads=".dimension-values .value")
FORK = Peer("fork's method, re-enacted", "reenactment", "fork_lines", draws=False)

OUR_STAGE = "[data-testid=overview] canvas, [data-testid=heatmap] canvas, [data-testid=lines] canvas"
"""The picture of the chosen head. It cannot be recognized by its size: thumbnails share a canvas, which may be larger."""

COMMON_PEERS = (ATTENTION_PATTERNS, MODEL_VIEW, INSPECTUS)

CASES = (
    Case(Size(1, 12, 16), "small", COMMON_PEERS),
    Case(Size(12, 12, 16), "small", COMMON_PEERS),
    Case(Size(1, 12, 128), "small", (*COMMON_PEERS, HEAD_VIEW)),
    Case(Size(1, 12, 128), "large", (ATTENTION_HEADS,)),
    Case(Size(1, 12, 128), "lines", (NEURON_VIEW, FORK)),
    Case(Size(12, 12, 128), "small", COMMON_PEERS),
    Case(Size(12, 12, 128), "large", (ATTENTION_HEADS,)),
    Case(Size(12, 12, 64, sequences=8), "small"),
    Case(Size(1, 12, 512), "small", (ATTENTION_PATTERNS, INSPECTUS)),
    Case(Size(12, 12, 512), "small", (INSPECTUS,)),
    Case(Size(12, 12, 512), "large"),
    Case(Size(1, 12, 1024), "small"),
    Case(Size(32, 32, 128), "small"),
    Case(Size(32, 32, 128), "large"),
    Case(Size(12, 12, 1024), "small", memory=True),
    Case(Size(12, 12, 1024), "large"),
)
"""Cases of equal size are neighbors, because their inputs are made once. A peer that draws nothing at one size is not
measured at larger ones."""

QUICK = ("12x128-small", "12x128-large", "12x128-lines", "144x128-small", "8x144x64-small")
"""The cases of `--quick`."""
