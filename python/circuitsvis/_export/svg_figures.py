"""The SVG picture of a figure: one head as a labelled heatmap, as `focus=` chooses it, or the sum of all heads of an attribution."""

from __future__ import annotations

import re

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._export import heatmap_svg
from circuitsvis._export.attention_table import masked_cells, numbers_of_dests
from circuitsvis._export.heatmap_scene import Axis
from circuitsvis._export.token_words import shown
from circuitsvis._still.palette import palette
from circuitsvis._still.scale import ColorScale
from circuitsvis._wire import decode, views
from circuitsvis._wire.palettes import ThemeName
from circuitsvis._wire.props.attention import AttentionPatternsProps, AttentionProps, AttentionSequence, AttentionType
from circuitsvis._wire.props.attribution import AttributionSequence, AttributionViewProps
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.focus import Focus
from circuitsvis._wire.props.lines import LinesViewProps

_FORMULAS: dict[AttentionType, str] = {
    "standard": "attention probability A",
    "value-weighted": "A × |v| / max |v|",
    "info-weighted": "A × |v·W_O| / max |v·W_O|",
}
"""As in `frontend/src/text/attentionTypes.ts`."""


def svg_of(props: FigureProps) -> str:
    """The file.

    Raises:
        TypeError: a figure that has no heatmap.
        ValueError: a figure that starts with all heads at once.
    """
    if not isinstance(props, AttentionProps):
        raise TypeError(
            f"path: .svg is for figures of attention and attribution, got the view {views.name_of(props)}; save it as .html, and print "
            "that page for a picture"
        )
    focus = props.focus or Focus(0, None, None, None)
    if isinstance(props, AttributionViewProps):
        return _attribution(props, focus)
    if focus.head is None and isinstance(props, AttentionPatternsProps) and len(props.heads) > 1:
        name = props.heads[0].name
        raise ValueError(
            f"path: a picture with words shows one head, and this figure starts with all {len(props.heads)}: choose one when the figure "
            f'is made, e.g. focus={{"head": {name!r}}}, use mode="large", or save all heads as a .png with words=False'
        )
    return _attention(props, focus, focus.head or 0)


def _attention(props: AttentionProps, focus: Focus, head: int) -> str:
    sequence = props.sequences[focus.sequence]
    kind = props.attention_type
    weights = None
    if kind != "standard":  # the page keeps float32
        weights = decode.part(sequence.weights[kind], head).astype(np.float32).astype(np.float64)
    values = decode.part(sequence.attention, head)
    values = values if weights is None else values * weights
    theme = _theme(props)
    scale = ColorScale(props.value_range, palette(theme, props.colors))
    legend = _FORMULAS[kind] if sequence.weights else "value"
    if isinstance(props, LinesViewProps) and not sequence.weights:
        legend = "attention"
    return _heatmap(sequence, values, focus, theme, scale, _head_name(props, head), legend)


def _attribution(props: AttributionViewProps, focus: Focus) -> str:
    sequence: AttributionSequence = props.sequences[focus.sequence]
    head = focus.head if focus.head is not None else (0 if len(props.heads) == 1 else None)
    if head is not None and head >= len(props.heads):
        name = props.parts[head - len(props.heads)].name
        raise ValueError(
            f"path: .svg shows heads, and {name!r} has no sources; choose a head with focus=, or save the figure as .csv"
        )
    if head is None:
        values = _sum(sequence)
        caption = "All heads"
    else:
        values = decode.part(sequence.attention, head)
        caption = _head_name(props, head)
    low, high = props.value_range
    end = max(high, -low)
    if not props.fixed_range:
        end = max(end, float(np.fmax.reduce(np.abs(values), axis=None, initial=0.0)))
    theme = _theme(props)
    scale = ColorScale((-end, end), palette(theme, props.colors))
    return _heatmap(sequence, values, focus, theme, scale, caption, "added to the logit")


def _sum(sequence: AttributionSequence) -> Float64:
    """The sum of all heads at each cell, NaN where none has a value."""
    _, dest, src = sequence.attention.shape
    total, known = np.zeros((dest, src)), np.zeros((dest, src), bool)
    for values in decode.parts(sequence.attention):
        present = ~np.isnan(values)
        total[present] += values[present]
        known |= present
    total[~known] = np.nan
    return total


def _heatmap(
    sequence: AttentionSequence,
    values: Float64,
    focus: Focus,
    theme: ThemeName,
    scale: ColorScale,
    caption: str,
    legend: str,
) -> str:
    masked = masked_cells(sequence)
    absent = np.isnan(values)
    src_tokens = sequence.src_tokens if sequence.src_tokens is not None else sequence.dest_tokens
    rows = Axis("Destination (query)", sequence.dest_tokens, numbers_of_dests(sequence).tolist())
    cols = Axis("Source (key)", src_tokens, range(len(src_tokens)))
    pinned = None
    if focus.dest is not None and focus.src is not None:
        pinned = (focus.dest, focus.src)
        value = values[pinned]
        where = f"destination {_token(rows, focus.dest)} to source {_token(cols, focus.src)}"
        what = f"{value:.4f}" if not np.isnan(value) else ("masked" if masked[pinned] else "no value")
        caption = f"{caption}, {where}: {what}"
    picture = heatmap_svg.Heatmap(
        rows=rows,
        cols=cols,
        pixels=scale.pixels(values * scale.per_unit, masked),
        scale=scale,
        caption=caption,
        legend=legend,
        pinned=pinned,
        masked=bool((absent & masked).any()),
        missing=bool((absent & ~masked).any()),
    )
    return heatmap_svg.to_svg(picture, theme)


def _token(axis: Axis, index: int) -> str:
    return f"{axis.numbers[index]} {shown(axis.labels[index])}"


def _head_name(props: AttentionProps, head: int) -> str:
    """As `headName` in `frontend/src/text/names.ts` writes it."""
    name = shown(props.heads[head].name)
    return name if re.match(r"(head|attention)\b", name, re.IGNORECASE) else f"Head {name}"


def _theme(props: AttentionProps) -> ThemeName:
    return "dark" if props.display_mode == "dark" else "light"
