"""Paragraphs of help=True about the attribution view."""

from __future__ import annotations

from circuitsvis._input.batch_help import batch_selector
from circuitsvis._input.options import Options

_VIEW = (
    "The logit is the sum of everything written into the residual stream: what each attention head reads from each source, what "
    "each MLP writes, the embeddings, the biases. Bars are the total of each component; blue adds to the logit, red takes away "
    "from it. Hover a bar or a head to see its picture, click to pin it, click again or press Esc to release it.",
    "Rows are destination positions, columns are the source positions that a head reads from. Choose a destination below the "
    "picture to see its logit alone. Without a choice, bars and total are sums over all destinations shown.",
)
_SPLIT_SIGNS = (
    "Two pictures instead of one: the left one shows what adds to the logit, the right one what takes away from it."
)


def paragraphs(options: Options, n_sequences: int, *, labels: bool, split_signs: bool) -> tuple[str, ...]:
    """Plain text for the help box; empty without help=True. `labels`: whether the user passed batch_labels."""
    if not options.help:
        return ()
    split = (_SPLIT_SIGNS,) if split_signs else ()
    return (*_VIEW, *split, *batch_selector(n_sequences, radioitems=options.radioitems, labels=labels))
