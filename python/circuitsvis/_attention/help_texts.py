"""Paragraphs of help=True about the attention views and their attention types."""

from __future__ import annotations

from circuitsvis._input.batch_help import batch_selector
from circuitsvis._input.options import Options
from circuitsvis._lines.help_texts import LINES

_TOKENS = (
    "The tokens below show one position at a time. Source ← Destination: choose a destination token and see what it attends to. "
    "Destination ← Source: choose a source token and see what attends to it."
)
_SMALL = (
    "The large picture blends all heads, each in a hue of its own. A cell is as strong as its strongest head and mostly has the hue "
    "of that head. Rows are destination (query) positions, columns are source (key) positions. Hover a head to see it alone, click "
    "to pin it, click again or press Esc to release it.",
    _TOKENS,
)
_LARGE = (
    "Each small picture is one head. Hover one to see it large, click to pin it, click again or press Esc to release it.",
    "Rows are destination (query) positions, columns are source (key) positions. Hover a cell for its value, click to pin it, click "
    "again or press Esc to release it.",
    _TOKENS,
)
_VIEWS = {"small": _SMALL, "large": _LARGE, "lines": LINES}
_TYPES = {
    "standard": (),
    "value-weighted": (
        "Value-weighted attention: each probability A[q, k] is multiplied by |v[k]| / max |v|, the size of the value vector at the "
        "source relative to the largest one in this head and sequence. Rows no longer sum to 1.",
    ),
    "info-weighted": (
        "Info-weighted attention: each probability A[q, k] is multiplied by |v[k] W_O| / max |v W_O|, the size of what the head would "
        "write if it attended to this source alone, relative to the largest one in this head and sequence. Rows no longer sum to 1.",
    ),
}


_SPANS = (
    "A named span of tokens is collapsed to one row and one column: its row is the mean over its queries, its column the sum over its "
    "keys, and masked cells add nothing. Click its name to open it.",
)
_RANGES = (
    "To add up a part of the picture, drag along the labels beside it, or hold Shift and click, or hold Shift and press the arrow keys in "
    "the picture or the tokens: the line below gives the mean over the chosen queries of the sum over the chosen keys.",
)


def paragraphs(
    options: Options, n_sequences: int, *, labels: bool, one_head: bool = False, spans: bool = False
) -> tuple[str, ...]:
    """Plain text for the help box; empty without help=True.

    Args:
        options: of the public function.
        n_sequences: number of sequences.
        labels: whether the user passed batch_labels.
        one_head: whether there is only one head.
        spans: whether any sequence has spans.
    """
    if not options.help:
        return ()
    batch = batch_selector(n_sequences, radioitems=options.radioitems, labels=labels)
    view = _LARGE[1:] if one_head and options.mode == "large" else _VIEWS[options.mode]
    sums = () if options.mode == "lines" else (*_RANGES, *(_SPANS if spans else ()))
    return (*view, *sums, *_TYPES[options.attention_type], *batch)
