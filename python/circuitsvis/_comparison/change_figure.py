"""The figure of a comparison: a map of how much each head changed, and beside it the difference and both patterns."""

from __future__ import annotations

from dataclasses import replace

from circuitsvis._attention import attention_figure
from circuitsvis._comparison import change_scores
from circuitsvis._comparison.comparison import Comparison
from circuitsvis._heads import score_map_figure, score_map_input
from circuitsvis._heads.score_map_shapes import MapSize
from circuitsvis._input import display_names
from circuitsvis._input.focus import FocusArgument
from circuitsvis._input.options import Options
from circuitsvis._page import figure_tabs
from circuitsvis._page.figure import Figure
from circuitsvis._wire import calls
from circuitsvis._wire.encode_sequence import AttentionContent


def figure(comparison: Comparison, options: Options, names: tuple[str, str], *, labels: bool) -> Figure:
    """The figure.

    Args:
        comparison: the two sides.
        options: of the public function.
        names: of A and B on the page.
        labels: whether the user passed batch labels (for the help text).
    """
    first, second = names
    start: FocusArgument = {**options.focus} if options.focus else {}
    start.pop("head", None)
    inner = replace(options, focus=start or None, title=None, help=False, display_mode=None)
    tabs = [
        (f"{second} − {first}", _patterns(comparison, comparison.difference, inner, labels)),
        (first, _patterns(comparison, comparison.a, replace(inner, focus=None), labels)),
        (second, _patterns(comparison, comparison.b, replace(inner, focus=None), labels)),
    ]
    found = change_scores.scores(comparison)
    with calls.apart():
        heads = figure_tabs.figure(tabs, label="Pattern of the head", same_sequences=True)
    return score_map_figure.figure(
        score_map_input.read(found, None, MapSize(layers=found.layers)),
        options,
        shown=None,
        limits=(None, None),
        colors=None,
        heads_figure=heads._props,
        notes=comparison.notes(names),
        about=(
            f"The map shows how much the attention of each head changed from {first} to {second}: 0 is no change, and 1 that it went to "
            f"other sources altogether. Beside it stands {second} − {first} of a head, blue where {second} attends more and red where it "
            "attends less, and the patterns of both."
        ),
    )


def _patterns(comparison: Comparison, contents: list[AttentionContent], options: Options, labels: bool) -> Figure:
    with calls.apart():
        return attention_figure.figure(
            contents,
            [display_names.head(layer, head, options.head_notation) for layer, head in comparison.heads],
            options,
            value_names=[f"pattern of head {layer}.{head}" for layer, head in comparison.heads],
            labels=labels,
        )
