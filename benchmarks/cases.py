"""The table of what is measured. A new size or peer is a new row here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from benchmarks.browser.gestures import Gestures

Mode = Literal["small", "large", "lines"]


@dataclass(frozen=True)
class Size:
    """One set of patterns: `layers` x `heads` of `tokens` x `tokens`, for each of `sequences`."""

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
    """Another tool's way to do the same job.

    Attributes:
        name: how the report calls it.
        worker: module in `workers/` that runs its Python side, in the peers' environment.
        call: what the worker is told to call.
        click, heads: how a head is chosen there (see `hover.Gestures`).
        draws: False where only its Python side is run.
    """

    name: str
    worker: str
    call: str
    click: bool = False
    heads: str | None = None
    draws: bool = True


@dataclass(frozen=True)
class Case:
    """Our mode against what people use for the same job, on one size. `memory`: also our call's peak memory."""

    size: Size
    mode: Mode
    peers: tuple[Peer, ...] = ()
    memory: bool = False

    def gestures(self, peer: Peer | None = None) -> Gestures:
        """How a page of ours, or of that peer, is used."""
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
"""Small pictures of heads share canvases, of which one may be larger than the picture that shows the chosen head."""

EVERYBODY = (ATTENTION_PATTERNS, MODEL_VIEW, INSPECTUS)

CASES = (
    Case(Size(1, 12, 16), "small", EVERYBODY),
    Case(Size(12, 12, 16), "small", EVERYBODY),
    Case(Size(1, 12, 128), "small", (*EVERYBODY, HEAD_VIEW)),
    Case(Size(1, 12, 128), "large", (ATTENTION_HEADS,)),
    Case(Size(1, 12, 128), "lines", (NEURON_VIEW, FORK)),
    Case(Size(12, 12, 128), "small", EVERYBODY),
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
"""Equal sizes stand together: their inputs are made once. Peers that draw nothing at a size are not tried at larger ones."""

QUICK = ("12x128-small", "12x128-large", "12x128-lines", "144x128-small", "8x144x64-small")
"""What `--quick` measures."""
