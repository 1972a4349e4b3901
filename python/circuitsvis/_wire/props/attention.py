"""Attention heads: values per (destination, source) of each head and sequence."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.focus import Focus
from circuitsvis._wire.props.spans import Span
from circuitsvis._wire.props.switches import Switches
from circuitsvis._wire.props.tensor import SEPARATE_CHUNKS, Tensor

WeightedType = Literal["value-weighted", "info-weighted"]
"""Attention types whose values are attention[head, q, k] * weights[head, k].

To add one: name it here and run `make contract`; compute its weights in `_attention/value_weights.py`; describe it in
`_attention/help_texts.py`. The TypeScript compiler then names the tables of the front end that need its label and its formula.
"""

AttentionType = Literal["standard", "value-weighted", "info-weighted"]
HeadSelector = Literal["head", "layer"]


@dataclass(frozen=True)
class Head:
    """One head on the page.

    Attributes:
        name: the text on the page: "9.6", "L9H6", or a name that the user passed.
        layer: heads of the same layer are grouped; None if the layer is not known.
    """

    name: str
    layer: int | None


@dataclass(frozen=True)
class AttentionSequence:
    """One sequence of the batch, without its padding.

    Attributes:
        label: what the batch selector shows, as HTML (the front end sanitises it).
        dest_tokens: text of each destination (query) token, as passed or decoded.
        src_tokens: text of each source (key) token; None if it is the same list as `dest_tokens`.
        dest_positions: position of each destination among the sources, if both are one sequence and only some positions are
            destinations; else None.
        attention: (head, dest, src), the unweighted values, one chunk per head.
        preview: (head, ceil(dest / rows), ceil(src / cols)) uint8 for preview_block (rows, cols), layout "full", one chunk:
            the value of largest magnitude in each block of cells, `missing` for a block without values. None in views without
            thumbnails.
        preview_block: rows and columns of a block in cells, (1, 1) if the preview shows each cell.
        weights: by attention type (head, src), relative to the largest of the head, in [0, 1]: |v| / max |v| for
            "value-weighted", |v W_O| / max |v W_O| for "info-weighted". Only types whose activations are cached.
        spans: named runs of sources, in order, which views can collapse to one row and one column; they are collapsed at first.
    """

    label: str
    dest_tokens: tuple[str, ...]
    src_tokens: tuple[str, ...] | None
    dest_positions: tuple[int, ...] | None
    attention: Tensor = field(metadata=SEPARATE_CHUNKS)
    preview: Tensor | None
    preview_block: tuple[int, int]
    weights: dict[WeightedType, Tensor]
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class AttentionProps(FigureProps):
    """The props that all views of attention heads share.

    Attributes:
        heads: the heads in the order they are shown; the first axis of every tensor follows it.
        sequences: at least one; the batch selector appears where there are several.
        selector: the batch selector's form.
        attention_type: the type that is shown first. The page offers "standard" and the types whose weights all
            sequences have.
        value_range: (low, high) of the color scale, low <= 0 < high. low < 0 makes the scale diverging: zero is the
            neutral color and both ends have the same magnitude per unit of color.
        colors: colors that the user chose, which then are those of all heads; None for the palette's.
        focus: what is pinned at first; None for nothing.
        switches: of colors; None for linear colors and nothing hidden.
        distributions: whether the values of every row are probabilities that sum to 1, so that they can be renormalized.
    """

    heads: tuple[Head, ...]
    sequences: tuple[AttentionSequence, ...]
    selector: Literal["dropdown", "radio"]
    attention_type: AttentionType
    value_range: tuple[float, float]
    colors: CustomColors | None = field(default=None, kw_only=True)
    focus: Focus | None = field(default=None, kw_only=True)
    switches: Switches | None = field(default=None, kw_only=True)
    distributions: bool = field(default=False, kw_only=True)

    def lighter(self) -> tuple[str, ...]:
        return (
            "precision=8: about a third of the weight, values exact to 0.2 % of the largest of their head",
            "fewer heads, with heads= or layers=, or fewer sequences, with batch_idx=",
        )

    def summary(self) -> str:
        return f"{_counted(len(self.heads), 'head')}, {_counted(len(self.sequences), 'sequence')}"


@dataclass(frozen=True)
class AttentionPatternsProps(AttentionProps):
    """mode="small": an overview of all heads, thumbnails beside it, the token strip below."""


@dataclass(frozen=True)
class AttentionHeadsProps(AttentionProps):
    """mode="large": one labelled heatmap, thumbnails beside it, the token strip below.

    Attributes:
        axis_labels: whether the tokens stand beside the heatmap.
    """

    axis_labels: bool = field(default=True, kw_only=True)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
