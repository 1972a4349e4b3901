"""See what every attention head does: interactive views of TransformerLens caches, in any notebook or as one HTML file."""

from typing import TYPE_CHECKING

from circuitsvis import _earlier, attention, attribution
from circuitsvis.figure import Figure

__version__ = "2.0.0a0"
__all__ = ["Figure", "__version__", "attention", "attribution"]

if not TYPE_CHECKING:  # for a type checker the module has its names, and no others

    def __getattr__(name: str) -> object:
        raise _earlier.missing(__name__, name)
