"""Paragraphs of help=True about texts of colored tokens."""

from __future__ import annotations

_TEXT = (
    "Each token has the color of its value: blue is positive, red is negative, and the color of zero is that of the page, unless other "
    "colors were chosen; the legend has the numbers. A middle dot stands for a space, an arrow for the end of a line. Hover a token "
    "for its value, click to pin it, click again or press Esc to release it. Arrow keys move from token to token."
)
_ENDS = "The two numbers beside the legend are the values with the full colors; type others to see smaller differences."
_KINDS = "There are {} kinds of values. Hover a button to see the text in the colors of that kind, click to keep it."
_SAMPLES = "All {} texts have the same color scale."


def paragraphs(n_kinds: int, n_samples: int) -> tuple[str, ...]:
    """Plain text for the help box."""
    several = (_KINDS.format(n_kinds),) if n_kinds > 1 else ()
    return (_TEXT, *several, _ENDS, *((_SAMPLES.format(n_samples),) if n_samples > 1 else ()))
