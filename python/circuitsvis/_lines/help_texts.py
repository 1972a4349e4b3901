"""Paragraphs of help=True about mode="lines"."""

from __future__ import annotations

LINES = (
    "Query (destination) tokens are on the left, source (key) tokens on the right. The more a query attends to a source, the "
    "stronger their line. Hover a query token to see how its attention is computed, click to pin it, click again or press Esc "
    "to release it.",
    "The columns are the steps of the computation: q, the vector of the query; k, the vector of each source; q × k by dimension; "
    "q · k, its sum divided by the divisor of the head; what the model adds, if anything; the score; the probability, its softmax "
    "over the sources. Hover a cell of a vector for its dimension and value, hover a source for its sum in numbers. Masked "
    "sources are empty.",
    "Sources are in the order of their position, or sorted by probability or score. Collapse the view to its lines, or expand it "
    "to all columns.",
    "Several heads shows the lines of all heads that are switched on, each in its hue. Click a head's switch to turn it on or off, "
    "double click it, or press Shift and Space, to leave it alone on; point at it to see its lines among the others. Beside the "
    "tokens that a hovered token is joined to, each head has a block, as strong as its line. Where tokens have named parts, "
    "lines can be limited to those from one part to another.",
    "Keys: Up and Down move between queries, or between the sources of a pinned query; Left and Right move between dimensions; "
    "Enter pins; Esc releases; S changes the order; E collapses and expands.",
)
