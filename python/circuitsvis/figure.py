"""The figure that every public function returns."""

from circuitsvis._page.figure import INLINE_LIMIT, Figure, ReturnMode

__all__ = ["INLINE_LIMIT", "Figure", "ReturnMode"]
