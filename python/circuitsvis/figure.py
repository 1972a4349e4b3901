"""The figure that every public function returns."""

from circuitsvis._page.figure import Figure, ReturnMode
from circuitsvis._page.in_notebooks import INLINE_LIMIT

__all__ = ["INLINE_LIMIT", "Figure", "ReturnMode"]
