"""See what every attention head does: interactive views of TransformerLens caches, in any notebook or as one HTML file."""

from typing import TYPE_CHECKING

from circuitsvis import activations, attention, attribution, examples, heads, logits, tokens, topk_samples, topk_tokens
from circuitsvis._input import earlier_calls
from circuitsvis._input.color_range import color_range
from circuitsvis._page.figure import Figure

__version__ = "2.0.0a0"
__all__ = [
    "Figure",
    "__version__",
    "activations",
    "attention",
    "attribution",
    "color_range",
    "examples",
    "heads",
    "logits",
    "tokens",
    "topk_samples",
    "topk_tokens",
]


def __dir__() -> list[str]:
    return __all__


if not TYPE_CHECKING:  # so that type checkers report names that do not exist

    def __getattr__(name: str) -> object:
        raise earlier_calls.missing(__name__, name)
