"""Notes on measurements of earlier runs, for what this run does not measure."""

from __future__ import annotations

FORK_LINES = (
    "The fork (callummcdougall/CircuitsVis) is on no registry and is not measured here. From an earlier run on another machine: its "
    "lines view of 12 heads x 128 tokens x d_head 64 was a page of 28.6 MB and took 1.2 s in Python. The column \"fork's method, "
    're-enacted" has the time and size of this run for the same data written by that method, which `workers/reenactment.py` '
    "implements: the data as text, without a page around it."
)
FORK_BATCH = (
    "No peer on PyPI draws a batch. The fork does, and is on no registry: from an earlier run on another machine, its batch page of "
    "3 x 144 x 64 took 7 s to first pixels, 0.3 s to react to a hover and 1.8 s in Python, and had 24 MB."
)
PATTERNS_LONG = (
    "circuitsvis 1.43.3 attention_patterns is not measured at this size, because it had not ended after five minutes on a busy machine. "
    "In an earlier run on another machine, its page crashed the renderer."
)
EARLIER = {"12x128-lines": FORK_LINES, "8x144x64-small": FORK_BATCH, "144x512-small": PATTERNS_LONG}
"""Notes by case."""
