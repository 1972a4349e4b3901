"""What help=True says: the view, then each argument that was not left at its default."""

from __future__ import annotations

_PATTERNS = (
    "The large picture blends all heads, each in its own hue; the strongest head of a cell gives its colour. Rows are "
    "destination (query) positions, columns are source (key) positions. Hover a head to see it alone, click to keep it, "
    "click again or press Esc to let go.",
    "The tokens below show one position at a time. Source ← Destination: choose a destination token and see what it "
    "attends to. Destination ← Source: choose a source token and see what attends to it.",
)
_HEADS = (
    "Each small picture is one head; hover one to see it large, click to keep it, click again or press Esc to let go. "
    "Rows are destination (query) positions, columns are source (key) positions. Hover a cell for its value, click to hold it.",
    "The tokens below show one position at a time. Source ← Destination: choose a destination token and see what it "
    "attends to. Destination ← Source: choose a source token and see what attends to it.",
)
_LINES = (
    "Query (destination) tokens are on the left, source (key) tokens on the right; a line is the stronger the more the query "
    "attends to the source. Hover a query token to see its computation, click to lock it, click again or press Esc to let go.",
    "The columns, from left to right: the query vector q; the key vector k of every source; their product dimension by "
    "dimension; its sum divided by the head's scale (the score); what the model adds to that, where it does; and the "
    "probability, which is the softmax of the score over the sources. Hover a cell for its dimension and value, hover a "
    "source to see its product written out. Masked sources are blank.",
    "Sort the sources by probability or keep them in order; collapse the view to its lines, or expand it to all columns.",
    "Keys: Up and Down move between query tokens, or between sources while a query is locked; Left and Right move between "
    "dimensions; Enter locks; Esc lets go; S sorts; E collapses and expands.",
)
_VIEWS = {"small": _PATTERNS, "large": _HEADS, "lines": _LINES}
_TYPES = {
    "value-weighted": "Value-weighted attention: each probability A[q, k] is multiplied by |v[k]| / max |v|, the size of the "
    "value vector at the source relative to the largest one in this head and sequence. Rows no longer sum to 1.",
    "info-weighted": "Info-weighted attention: each probability A[q, k] is multiplied by |v[k] W_O| / max |v W_O|, the size of "
    "what the head would write if it attended to the source alone, relative to the largest one in this head and sequence. "
    "Rows no longer sum to 1.",
}


def paragraphs(mode: str, attention_type: str, n_sequences: int, *, radioitems: bool, labels: bool) -> tuple[str, ...]:
    """Plain-text paragraphs for the help box of an attention view."""
    text = list(_VIEWS[mode])
    if attention_type in _TYPES:
        text.append(_TYPES[attention_type])
    if n_sequences > 1:
        control = "buttons" if radioitems else "menu"
        named = ", named by your batch_labels" if labels else ""
        text.append(f"There are {n_sequences} sequences; choose one with the {control} above the picture{named}.")
    return tuple(text)
