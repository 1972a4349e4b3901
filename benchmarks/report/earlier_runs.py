"""Figures that this run did not measure, kept apart from all that it did."""

from __future__ import annotations

FORK_LINES = (
    "The fork (callummcdougall/CircuitsVis) is on no registry and is not measured in this run. From an earlier run elsewhere, not this "
    "run: its lines view of 12 heads x 128 tokens x d_head 64 was a page of 28.6 MB and took 1.2 s in Python. The column "
    "\"fork's method, re-enacted\" is this run's time and size of the same data written by that method in our own words "
    "(`workers/reenactment.py`): text only, without a page around it."
)
FORK_BATCH = (
    "No peer on PyPI takes a batch. The fork does, and is on no registry: from an earlier run elsewhere, not this run, its batch page of "
    "3 x 144 x 64 took 7 s to first pixels and 0.3 s to answer a hover, weighed 24 MB and took 1.8 s in Python."
)
PATTERNS_LONG = (
    "circuitsvis 1.43.3 attention_patterns is not tried at this size, because it had not ended after five minutes on a busy machine. From "
    "an earlier run elsewhere, not this run: its page crashed the renderer."
)
EARLIER = {"12x128-lines": FORK_LINES, "8x144x64-small": FORK_BATCH, "144x512-small": PATTERNS_LONG}
"""By case."""
