"""The functions that circuitsvis 1.43.3 has too: their sizes, and how their pages are read and used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from benchmarks.cases import OUR_STAGE

PEER = "circuitsvis 1.43.3"
SizeName = Literal["small", "large", "reduced"]


@dataclass(frozen=True)
class Switch:
    """One way to change what a page shows.

    Attributes:
        name: what is switched, e.g. "layer".
        selector: CSS selector of the element that gets the key, or of the elements that the mouse moves over; None for thumbnails.
        keys: whether the arrow keys switch; else the mouse does.
        any_frame: whether any changed frame is the answer, e.g. a tooltip; else other tokens or colors.
    """

    name: str
    selector: str | None
    keys: bool = True
    any_frame: bool = False


@dataclass(frozen=True)
class Pages:
    """How the pages of one tool are read and used.

    Attributes:
        tokens: CSS selector of the colored tokens; None if the page has pictures.
        stage: CSS selector of the picture that shows the chosen head; None for the largest one.
    """

    tokens: str | None = None
    switches: tuple[Switch, ...] = ()
    stage: str | None = None


@dataclass(frozen=True)
class Function:
    """One function of both packages.

    Attributes:
        name: with its module, e.g. "tokens.colored_tokens".
        small, large: what the arguments are, for the report; `inputs/drop_in.py` makes them.
        reduced: the largest size at which the peer draws a page, where it does not at the large one.
        ours, peer: their pages.
        why: why the peer is not tried at the large size.
    """

    name: str
    small: str
    large: str
    ours: Pages
    peer: Pages
    reduced: str | None = None
    why: str = ""

    @property
    def slug(self) -> str:
        return self.name.partition(".")[2]

    def sizes(self) -> tuple[SizeName, ...]:
        return ("small", "reduced", "large") if self.reduced else ("small", "large")

    def describe(self, size: SizeName) -> str:
        return {"small": self.small, "large": self.large, "reduced": self.reduced or ""}[size]


_PEER_TOKENS = "[id^=circuits-vis] span[style*='background-color']"
_PEER_CELLS = "[id^=circuits-vis] td[style*='background-color']"
_OUR_TOKENS = "[data-index]"
_OUR_HEADS = Pages(switches=(Switch("head", "[data-testid=head]", keys=False),), stage=OUR_STAGE)
_PEER_HEADS = Pages(switches=(Switch("head", None, keys=False),))
_OUR_FIELD = "[data-testid={}] input"


def _field(name: str) -> Switch:
    return Switch(name, f"#{name}-selector")


def _ours(**testids: str) -> tuple[Switch, ...]:
    return tuple(Switch(name, _OUR_FIELD.format(testid)) for name, testid in testids.items())


FUNCTIONS = (
    Function(
        "attention.attention_patterns",
        "12 heads x 16 tokens",
        "144 heads x 128 tokens",
        ours=_OUR_HEADS,
        peer=_PEER_HEADS,
    ),
    Function(
        "attention.attention_heads",
        "12 heads x 16 tokens",
        "144 heads x 128 tokens",
        ours=_OUR_HEADS,
        peer=_PEER_HEADS,
    ),
    Function("attention.attention_pattern", "16 tokens", "1024 tokens", ours=Pages(), peer=Pages()),
    Function("tokens.colored_tokens", "16 tokens", "2000 tokens", ours=Pages(_OUR_TOKENS), peer=Pages(_PEER_TOKENS)),
    Function(
        "tokens.colored_tokens_multi",
        "16 tokens x 3 values",
        "2000 tokens x 50 values",
        ours=Pages(_OUR_TOKENS, _ours(value="kinds")),
        peer=Pages(_PEER_TOKENS, (Switch("value", "[id^=circuits-vis] div[style*='cursor: pointer']", keys=False),)),
    ),
    Function(
        "activations.text_neuron_activations",
        "2 layers x 10 neurons x 16 tokens",
        "24 layers x 3072 neurons x 3 samples of 256 tokens",
        reduced="24 layers x 1024 neurons x 3 samples of 256 tokens",
        why="its page would be of 1.2 GB, and Chromium's longest text is of 0.5 GB",
        ours=Pages(_OUR_TOKENS, _ours(layer="outer-select", neuron="inner-select")),
        peer=Pages(_PEER_TOKENS, (_field("layer"), _field("neuron"))),
    ),
    Function(
        "topk_tokens.topk_tokens",
        "2 samples of 16 tokens x 2 layers x 10 neurons",
        "2 samples of 256 tokens x 2 layers x 10,000 neurons",
        ours=Pages(
            "[data-testid=topk] td", _ours(layer="layer-select", neuron="neuron-select", sample="sample-select")
        ),
        peer=Pages(_PEER_CELLS, (_field("layer"), _field("neuron"), _field("sample"))),
    ),
    Function(
        "topk_samples.topk_samples",
        "2 layers x 10 neurons x 5 samples of 16 tokens",
        "1 layer x 10,000 neurons x 5 samples of 32 tokens",
        ours=Pages(_OUR_TOKENS, _ours(neuron="inner-select")),
        peer=Pages(_PEER_TOKENS, (_field("neuron"),)),
    ),
    Function(
        "logits.token_log_probs",
        "16 tokens, vocabulary of 100",
        "2000 tokens, vocabulary of 50,000",
        ours=Pages(_OUR_TOKENS, (Switch("token", _OUR_TOKENS, keys=False, any_frame=True),)),
        peer=Pages(_PEER_TOKENS, (Switch("token", _PEER_TOKENS, keys=False, any_frame=True),)),
    ),
)
SLUGS = [function.slug for function in FUNCTIONS]


def find(slug: str) -> Function:
    """The function of this name."""
    return next(function for function in FUNCTIONS if function.slug == slug)
