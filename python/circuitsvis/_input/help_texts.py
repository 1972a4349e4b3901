"""What help=True says: the view, then each argument that was not left at its default."""

from __future__ import annotations

_PATTERNS = (
    "The large picture blends all heads, each in its own hue; a cell is as strong as its strongest head, whose hue mostly "
    "colours it. Rows are destination (query) positions, columns are source (key) positions. Hover a head to see it alone, "
    "click to pin it, click again or press Esc to release it.",
    "The tokens below show one position at a time. Source ← Destination: choose a destination token and see what it "
    "attends to. Destination ← Source: choose a source token and see what attends to it.",
)
_HEADS = (
    "Each small picture is one head; hover one to see it large, click to pin it, click again or press Esc to release it. "
    "Rows are destination (query) positions, columns are source (key) positions. Hover a cell for its value, click to pin it.",
    "The tokens below show one position at a time. Source ← Destination: choose a destination token and see what it "
    "attends to. Destination ← Source: choose a source token and see what attends to it.",
)
_LINES = (
    "Query (destination) tokens are on the left, source (key) tokens on the right; a line is the stronger the more the query "
    "attends to the source. Hover a query token to see how its attention comes about, click to pin it, click again or press "
    "Esc to release it.",
    "The columns are the steps: the query's vector q; the vector k of each source; q × k, dimension by dimension; q · k, the "
    "sum of that, divided by the head's divisor; what the model adds to it, where it adds something; the score; its softmax "
    "over the sources, the probability. Hover a vector's cell for its dimension and value, a source to see its sum written "
    "out. Masked sources are blank.",
    "Sources are in the order of their position, or sorted by probability or score. Collapse the view to its lines, or "
    "expand it to all columns.",
    "Keys: Up and Down move between queries, or between the sources of a pinned one; Left and Right move between dimensions; "
    "Enter pins; Esc releases; S changes the order; E collapses and expands.",
)
_VIEWS = {"small": _PATTERNS, "large": _HEADS, "lines": _LINES}
_ATTRIBUTION = (
    "The logit is a sum over everything that was written into the residual stream: what each attention head read from each "
    "source, what each MLP wrote, the embeddings, the biases. Bars are each component's total; blue adds to the logit, red "
    "takes away from it. Hover a bar or a head to see its picture, click to pin it, click again or press Esc to release it.",
    "Rows are destination positions, columns are the source positions that a head read from. Choose a destination below the "
    "picture to see its logit alone; without one, bars and total are sums over all destinations shown.",
)
_SPLIT = "Two pictures instead of one: left what adds to the logit, right what takes away from it."
_TYPES = {
    "value-weighted": "Value-weighted attention: each probability A[q, k] is multiplied by |v[k]| / max |v|, the size of the "
    "value vector at the source relative to the largest one in this head and sequence. Rows no longer sum to 1.",
    "info-weighted": "Info-weighted attention: each probability A[q, k] is multiplied by |v[k] W_O| / max |v W_O|, the size of "
    "what the head would write if it attended to the source alone, relative to the largest one in this head and sequence. "
    "Rows no longer sum to 1.",
}


def paragraphs(mode: str, attention_type: str, n_sequences: int, *, radioitems: bool, labels: bool) -> tuple[str, ...]:
    """Plain-text paragraphs for the help box of an attention view."""
    types = (_TYPES[attention_type],) if attention_type in _TYPES else ()
    return (*_VIEWS[mode], *types, *_batch(n_sequences, radioitems=radioitems, labels=labels))


def attribution(n_sequences: int, *, radioitems: bool, labels: bool, split_signs: bool) -> tuple[str, ...]:
    """The same for the attribution view."""
    split = (_SPLIT,) if split_signs else ()
    return (*_ATTRIBUTION, *split, *_batch(n_sequences, radioitems=radioitems, labels=labels))


def _batch(n_sequences: int, *, radioitems: bool, labels: bool) -> tuple[str, ...]:
    if n_sequences == 1:
        return ()
    control = "buttons" if radioitems else "menu"
    named = ", named by your batch_labels" if labels else ""
    return (f"There are {n_sequences} sequences; choose one with the {control} above the picture{named}.",)
