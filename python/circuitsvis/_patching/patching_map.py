"""`heads.patching_map`: results of activation patching as grids of layer x position and layer x head."""

from __future__ import annotations

from collections.abc import Mapping

from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.display_names import BatchLabels
from circuitsvis._input.options import HeadNotation, Options, color_limits
from circuitsvis._input.public_functions import public_of
from circuitsvis._input.selection import Layers
from circuitsvis._page.figure import Figure
from circuitsvis._patching import figure, given, grids
from circuitsvis._patching import focus as _focus
from circuitsvis._patching.focus import PatchingFocusArgument
from circuitsvis._patching.given import About
from circuitsvis._patching.result import Direction, Patching
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis._wire.props.patching import GridColumns


@public_of("heads")
def patching_map(
    results: object,
    tokens: ArrayLike | None = None,
    corrupted_tokens: ArrayLike | None = None,
    model: object | None = None,
    *,
    kind: str | None = None,
    columns: GridColumns | Mapping[str, GridColumns] | None = None,
    layers: Layers = None,
    clean: float | None = None,
    corrupted: float | None = None,
    direction: Direction | None = None,
    metric: str | None = None,
    batch_labels: BatchLabels = None,
    radioitems: bool = False,
    focus: PatchingFocusArgument | None = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
    head_notation: HeadNotation = "dot",
    min_value: float | None = None,
    max_value: float | None = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
) -> Figure:
    """Shows effects of activation patching as grids of layer and position, and of layer and head.

    One grid is shown, a selector has the others. The legend says what was measured, its value in the clean and in the corrupted run, and
    what 0 and 1 mean. With several pairs of prompts, a selector has their mean and each pair.

    Args:
        results: what is shown, one of these. NaN is "no value".

            - what `heads.patching` returns;
            - a dict of names to arrays [layer, position] or [layer, head] of any library, or one such array;
            - what the patching functions of TransformerLens return.
        tokens: of arrays: the clean prompt, as in `attention.from_cache`, a token for each position.
        corrupted_tokens: of arrays: the corrupted prompt. Positions at which both differ have both tokens.
        model: of arrays: the model, for its tokenizer, if tokens are ids.
        kind: name of the grid that is shown first; of a single array, its name. None: the first.
        columns: of arrays: "position" or "head", or a dict from names to these. None: by TransformerLens's names of activations, else
            positions where there are as many columns as tokens.
        layers: of arrays: the layers of the rows. None: 0, 1, ...
        clean, corrupted: of arrays: the metric of both unpatched runs. Then the arrays are metrics after patches, and effects are computed
            as `heads.patching` does. None: the arrays are effects already.
        direction: of arrays: "denoise" or "noise", as in `heads.patching`. None: "denoise" where clean and corrupted are given.
        metric: of arrays: what was measured, in words.
        batch_labels: labels of the pairs in their selector, as in `attention.from_cache`.
        radioitems: radio buttons instead of a dropdown for the pairs.
        focus: the cell that is pinned at first, {"layer": 3, "position": 7}, or of a grid by head {"head": "9.6"}; with "sequence" the
            selected pair, where 0 is the mean of several.
        title: heading, plain text.
        help: add a text that explains the view.
        display_mode: "dark", "light", or "auto" (the default) for the theme of the page.
        head_notation: "dot" for 9.6, "LH" for L9H6.
        min_value: lowest value of the colors, <= 0; lower ones look the same. None: as the other end.
        max_value: highest one, > 0. None: 1 where effects reach at most 1.25, else the largest.
        negative_color, positive_color: CSS colors of the ends. None: red and blue.

    Returns:
        The figure. Its `to_pandas()` and `save("patching.csv")` have a row for each cell.

    Raises:
        TypeError, ValueError: wrong arguments; arrays whose shapes do not fit each other or the tokens; infinite values, or none.

    Notes:
        On the page an effect is within 0.51 / 8388607 of the largest of its grid.
    """
    options = Options(
        radioitems=radioitems, help=help, title=title, display_mode=display_mode, head_notation=head_notation
    )
    checks.text("kind", kind)
    _focus.check(focus)
    limits = color_limits(min_value, max_value)
    colors = custom_colors(negative_color, positive_color, display_mode)
    about = About(tokens, corrupted_tokens, model, columns, layers, clean, corrupted, direction, metric)
    if isinstance(results, Patching):
        about.refuse()
        shown = grids.of_result(results, batch_labels)
    else:
        if batch_labels is not None:
            raise ValueError(
                "batch_labels: belongs to several pairs of prompts, and arrays are of one; leave it out, or set title="
            )
        shown = given.read(results, about, kind)
    return figure.figure(shown, options, kind=kind, pinned=focus, limits=limits, colors=colors)
