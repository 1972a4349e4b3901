"""What a figure of activation patching says about itself with help=True."""

from __future__ import annotations

from circuitsvis._patching.grids import Grids

_DIRECTIONS = {
    "denoise": "Each cell is a run on the corrupted prompt in which one activation was replaced by that of the clean prompt. 0 is the "
    "corrupted run without a patch, 1 the clean run: the patch brings the answer back.",
    "noise": "Each cell is a run on the clean prompt in which one activation was replaced by that of the corrupted prompt. 0 is the clean "
    "run without a patch, 1 the corrupted run: the patch destroys the answer.",
    None: "Each cell is the effect of replacing one activation by that of another run. 0 has the neutral color.",
}


def paragraphs(grids: Grids) -> tuple[str, ...]:
    """What the figure shows and how it is used, as paragraphs of plain text."""
    several = (
        "Choose the activation above the grid. " if len(grids.grids) > 1 else ""
    ) + "Rows are layers. Blue cells move the metric to the other run, red ones away from it; more than 1 overshoots."
    use = (
        "Hover a cell for its effect and its metric; click to pin it, and again or press Esc to release it. Arrow keys move over the grid, "
        "Enter pins."
    )
    if any(sequence.corrupted_tokens for sequence in grids.sequences):
        use += " Where the prompts differ, a position has both tokens, clean/corrupted."
    return _DIRECTIONS[grids.direction], several, use
