"""Scores of all heads of a model, as a map of layer and head."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.switches import ColorScaleName
from circuitsvis._wire.props.tensor import Tensor


@dataclass(frozen=True)
class MapScore:
    """What is known of one score.

    Attributes:
        name: plain text, such as "induction@text".
        description: its formula, population and source, a line each; empty where nothing is known.
        value_range: (low, high) of its color scale, low <= 0 < high.
    """

    name: str
    description: tuple[str, ...]
    value_range: tuple[float, float]


@dataclass(frozen=True)
class HeadGroup:
    """Heads that stand out in the same way: in this score they differ most from the mean of all heads, in standard deviations.

    Attributes:
        score: index of the score.
        side: whether their values are above or below the mean.
        heads: the one that differs most comes first.
    """

    score: int
    side: Literal["high", "low"]
    heads: tuple[int, ...]


@dataclass(frozen=True)
class ScoreMapProps(FigureProps):
    """A map of layer x head, colored by one of several scores. Heads are numbered row by row.

    Attributes:
        layers: the number of each row's layer.
        n_heads: number of columns.
        head_notation: "dot" for 9.6, "LH" for L9H6.
        scores: at least one, with different names.
        values: (score, layer, head), one chunk.
        score: index of the score that is shown first.
        head: the head that is pinned first; None for none.
        kept: the heads that are kept first, in the order of the model.
        groups: of similar heads, each of which is in one group or in none.
        color_scale: how values are spread over the colors at first.
        colors: colors that the user chose; None for the palette's.
        heads_figure: shows one head of the map at a time, the one that is hovered or pinned; its heads are those of the map, in the same
            order. None where nothing is known of the heads but their scores.
    """

    layers: tuple[int, ...]
    n_heads: int
    head_notation: Literal["dot", "LH"]
    scores: tuple[MapScore, ...]
    values: Tensor
    score: int
    head: int | None
    kept: tuple[int, ...]
    groups: tuple[HeadGroup, ...]
    color_scale: ColorScaleName
    colors: CustomColors | None
    heads_figure: FigureProps | None

    def inner(self) -> tuple[FigureProps, ...]:
        return () if self.heads_figure is None else (self.heads_figure,)

    def summary(self) -> str:
        heads, scores = len(self.layers) * self.n_heads, len(self.scores)
        return f"{heads} head{'' if heads == 1 else 's'}, {scores} score{'' if scores == 1 else 's'}"

    def lighter(self) -> tuple[str, ...]:
        return () if self.heads_figure is None else ("show fewer views of the heads, e.g. views=()",)
