"""The figure of a score map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._heads import head_groups, score_map_help
from circuitsvis._heads.score_map_input import Score, Scores
from circuitsvis._input import display_names, focus
from circuitsvis._input.options import Options
from circuitsvis._input.value_range import value_range
from circuitsvis._page.figure import Figure
from circuitsvis._wire import fixed_point
from circuitsvis._wire.props.attention import Head
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.score_map import HeadGroup, MapScore, ScoreMapProps
from circuitsvis._wire.props.tensor import Tensor

_SMALLEST = 1e-290
"""Values below it are 0 on the page: a step of them would have fewer digits than a double normally has."""


def figure(
    scores: Scores,
    options: Options,
    *,
    shown: str | None,
    limits: tuple[float | None, float | None],
    colors: CustomColors | None,
    heads_figure: FigureProps | None,
    notes: tuple[str, ...],
    about: str | None = None,
    kept: Iterable[object] = (),
) -> Figure:
    """The figure.

    Args:
        scores: checked.
        options: of the public function; its focus may name a head. Its color scale is the map's.
        shown: name of the score that is shown first; None for the first.
        limits: (min_value, max_value), checked.
        colors: of the user, or None.
        heads_figure: what shows a head beside the map.
        notes: about the data.
        about: what the scores and the figure beside the map are, for the help text; None for scores of the user.
        kept: as in `heads.score_map`.
    """
    names = [
        display_names.head(layer, head, options.head_notation)
        for layer in scores.layers
        for head in range(scores.n_heads)
    ]
    props = ScoreMapProps(
        title=options.title,
        help=_help(scores, heads_figure is not None, about) if options.help else (),
        notes=notes,
        display_mode=options.display_mode or "auto",
        layers=scores.layers,
        n_heads=scores.n_heads,
        head_notation=options.head_notation,
        scores=tuple(MapScore(score.name, score.description, _range(score.values, limits)) for score in scores.scores),
        values=encoded([score.values for score in scores.scores]),
        score=index_of(shown, scores.scores),
        head=focus.head_of(options.focus, names),
        kept=_kept(kept, names),
        groups=tuple(
            HeadGroup(group.score, group.side, group.heads)
            for group in head_groups.groups([score.values for score in scores.scores])
        ),
        color_scale=options.color_scale,
        colors=colors,
        heads_figure=heads_figure,
    )
    return Figure(props)


def _kept(kept: Iterable[object], names: Sequence[Head]) -> tuple[int, ...]:
    """The indices of these heads, in the order of the model. Raises TypeError or ValueError for what is no head of the map."""
    return tuple(sorted({focus.head_index("kept", head, names) for head in kept}))


def _help(scores: Scores, with_heads: bool, about: str | None) -> tuple[str, ...]:
    paragraphs = score_map_help.paragraphs(len(scores.scores), with_heads)
    return paragraphs if about is None else (about, *paragraphs)


def index_of(shown: str | None, scores: Sequence[Score]) -> int:
    """The score of that name; the first for None.

    Raises:
        ValueError: there is none. Of a single score, which the argument names, there always is.
    """
    names = [score.name for score in scores]
    if shown is None or len(names) == 1:
        return 0
    if shown in names:
        return names.index(shown)
    close = get_close_matches(shown, names, 1)
    listed = ", ".join(map(repr, names[:8])) + (", ..." if len(names) > 8 else "")
    raise ValueError(
        f"score: must be the name of a score, {listed}, got {shown!r}{f'; did you mean {close[0]!r}?' if close else ''}"
    )


def encoded(values: Sequence[Float64]) -> Tensor:
    """Scores [layer, head] as (score, layer, head), uint24 with one scale per score: as exact as float32 at the largest magnitude."""
    stacked = np.stack([np.where(np.abs(each) < _SMALLEST, 0.0, each) for each in values])
    magnitudes = [float(np.fmax.reduce(np.abs(each), axis=None)) for each in stacked]
    return fixed_point.stack(stacked, magnitudes, "uint24", signed=bool((stacked < 0.0).any()))


def _range(values: Float64, limits: tuple[float | None, float | None]) -> tuple[float, float]:
    low, high = min(0.0, float(np.nanmin(values))), max(0.0, float(np.nanmax(values)))
    return value_range(low, high, limits)
