"""The paragraph of help=True about the batch selector, which every view with sequences has."""

from __future__ import annotations


def batch_selector(n_sequences: int, *, radioitems: bool, labels: bool) -> tuple[str, ...]:
    """The paragraph; none for a single sequence. `labels`: whether the user passed batch_labels."""
    if n_sequences == 1:
        return ()
    control = "buttons" if radioitems else "menu"
    names = ", named by your batch_labels" if labels else ""
    return (f"There are {n_sequences} sequences; choose one with the {control} above the picture{names}.",)
