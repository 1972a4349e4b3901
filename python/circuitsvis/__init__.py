"""See what every attention head does: interactive views of TransformerLens caches, in any notebook or as one HTML file."""

from circuitsvis import attention, attribution
from circuitsvis.figure import Figure

__version__ = "2.0.0a0"
__all__ = ["Figure", "__version__", "attention", "attribution"]
