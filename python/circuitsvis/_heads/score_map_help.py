"""The help text of a score map."""

from __future__ import annotations

from circuitsvis._heads.head_groups import DEVIATIONS


def paragraphs(n_scores: int, with_heads: bool) -> tuple[str, ...]:
    """What the figure shows and how it is used, as paragraphs of plain text."""
    first = (
        "Each cell is an attention head: rows are layers, columns are the heads of a layer. Its color is its score; the list has all heads "
        "by score. Zero has the neutral color, and the largest magnitude of the score the full one, unless the call set other ends."
    )
    use = (
        "Hover a head for its value and its rank; click to pin it, and again or press Esc to release it. Arrow keys move over the map, "
        "Enter pins. Shift or Ctrl with a click keeps a head: kept heads stay marked in the map and the list, and can be copied as a list "
        "for Python. Type 9.6, L9H6 or 9 6 into the field to find a head."
    )
    groups = (
        "“Groups” above the list puts heads together that stand out in the same way: a head is in the group of the score in which it "
        f"differs most from the mean of all heads, by at least {DEVIATIONS:g} standard deviations. A click on the name of a group keeps "
        "its heads."
    )
    paragraphs = [first, use, groups]
    if n_scores > 1:
        paragraphs.append(
            "Choose the score above the map; the text below the choice says how it is computed. “Scatter” compares two scores: each "
            "point is a head."
        )
    if with_heads:
        paragraphs.append(
            "The figure beside the map shows the head that is pinned or hovered; while there is none, the one with the score of largest "
            "magnitude."
        )
    return tuple(paragraphs)
