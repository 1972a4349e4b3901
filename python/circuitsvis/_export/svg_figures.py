"""The SVG picture of a figure: one head as a labelled heatmap, as `focus=` chooses it, the sum of all heads of an attribution, or a map."""

from __future__ import annotations

import re

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._common.causal_mask import Bools
from circuitsvis._export import edge_svg, heatmap_svg, patching_svg, score_map_svg
from circuitsvis._export.attention_table import masked_cells, numbers_of_dests
from circuitsvis._export.heatmap_scene import Axis
from circuitsvis._export.token_words import shown
from circuitsvis._still.cells import own_sources
from circuitsvis._still.colors import packed
from circuitsvis._still.hidden import hidden_sources, without
from circuitsvis._still.palette import palette
from circuitsvis._still.scale import ColorScale
from circuitsvis._wire import decode, views
from circuitsvis._wire.palettes import ThemeName
from circuitsvis._wire.props.attention import AttentionPatternsProps, AttentionProps, AttentionSequence, AttentionType
from circuitsvis._wire.props.attribution import AttributionSequence, AttributionViewProps
from circuitsvis._wire.props.edge_split import EdgeSplitProps
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.focus import Focus
from circuitsvis._wire.props.lines import LinesViewProps
from circuitsvis._wire.props.patching import PatchingMapProps
from circuitsvis._wire.props.score_map import ScoreMapProps
from circuitsvis._wire.props.switches import ColorScaleName, Hide

_FORMULAS: dict[AttentionType, str] = {
    "standard": "attention probability A",
    "value-weighted": "A × |v| / max |v|",
    "info-weighted": "A × |v·W_O| / max |v·W_O|",
}
"""As in `frontend/src/text/attentionTypes.ts`."""

_WITHOUT: dict[Hide, str] = {"first": " without the first token", "sinks": " without sinks"}
"""As in `frontend/src/views/attention/exports.ts`."""


def svg_of(props: FigureProps, ending: str = ".svg") -> str:
    """The file; `ending` is that of the file that it is made for, in errors.

    Raises:
        TypeError: a figure that has no heatmap.
        ValueError: a figure that starts with all heads at once.
    """
    if isinstance(props, ScoreMapProps):
        return score_map_svg.svg_of(props)
    if isinstance(props, EdgeSplitProps):
        return edge_svg.svg_of(props)
    if isinstance(props, PatchingMapProps):
        return patching_svg.svg_of(props)
    if not isinstance(props, AttentionProps):
        raise TypeError(
            f"path: {ending} is for figures of attention, attribution, scores of heads and patching, got the view "
            f"{views.name_of(props)}; save it as .html, and print that page for a picture"
        )
    focus = props.focus or Focus(0, None, None, None)
    if isinstance(props, AttributionViewProps):
        return _attribution(props, focus, ending)
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
    switches = props.switches
    hidden = None
    if switches is not None and switches.hide is not None:
        hidden = hidden_sources(values, switches.hide, own_sources(sequence))
        values = without(values, hidden, renormalize=True) if switches.renormalize else values
    values = values if weights is None else values * weights
    theme = _theme(props)
    scale = ColorScale(props.value_range, palette(theme, props.colors), transform=_transform(props))
    legend = _FORMULAS[kind] if sequence.weights else "value"
    if isinstance(props, LinesViewProps) and not sequence.weights:
        legend = "attention"
    caption = _head_name(props, head)
    if switches is not None and switches.hide is not None:
        caption += _WITHOUT[switches.hide]
        legend, caption = (f"{text}{', renormalized' * switches.renormalize}" for text in (legend, caption))
    return _heatmap(sequence, values, focus, theme, scale, caption, legend, hidden)


def _transform(props: AttentionProps) -> ColorScaleName:
    return props.switches.color_scale if props.switches else "linear"


def _attribution(props: AttributionViewProps, focus: Focus, ending: str) -> str:
    sequence: AttributionSequence = props.sequences[focus.sequence]
    head = focus.head if focus.head is not None else (0 if len(props.heads) == 1 else None)
    if head is not None and head >= len(props.heads):
        name = props.parts[head - len(props.heads)].name
        raise ValueError(
            f"path: {ending} shows heads, and {name!r} has no sources; choose a head with focus=, or save the figure as .csv"
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
    scale = ColorScale((-end, end), palette(theme, props.colors), transform=_transform(props))
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
    hidden: Bools | None = None,
) -> str:
    masked = masked_cells(sequence)
    absent = np.isnan(values)
    pixels = scale.pixels(values * scale.per_unit, masked)
    veiled = np.zeros(values.shape, bool)
    if hidden is not None:
        veiled = hidden & ~(absent & masked)
        pixels[veiled] = packed(scale.palette.hidden)
    src_tokens = sequence.src_tokens if sequence.src_tokens is not None else sequence.dest_tokens
    rows = Axis("Destination (query)", sequence.dest_tokens, numbers_of_dests(sequence).tolist())
    cols = Axis("Source (key)", src_tokens, range(len(src_tokens)))
    pinned = None
    if focus.dest is not None and focus.src is not None:
        pinned = (focus.dest, focus.src)
        value = values[pinned]
        where = f"destination {_token(rows, focus.dest)} to source {_token(cols, focus.src)}"
        gap = "masked" if masked[pinned] else "hidden" if veiled[pinned] else "no value"
        what = f"{value:.4f}" if not np.isnan(value) else gap
        caption = f"{caption}, {where}: {what}"
    picture = heatmap_svg.Heatmap(
        rows=rows,
        cols=cols,
        pixels=pixels,
        scale=scale,
        caption=caption,
        legend=legend,
        pinned=pinned,
        masked=bool((absent & masked).any()),
        missing=bool((absent & ~masked & ~veiled).any()),
        hidden=bool(veiled.any()),
    )
    return heatmap_svg.to_svg(picture, theme)


def _token(axis: Axis, index: int) -> str:
    return f"{axis.number(index)} {shown(axis.labels[index])}"


def _head_name(props: AttentionProps, head: int) -> str:
    """As `headName` in `frontend/src/text/names.ts` writes it."""
    name = shown(props.heads[head].name)
    return name if re.match(r"(head|attention)\b", name, re.IGNORECASE) else f"Head {name}"


def _theme(props: AttentionProps) -> ThemeName:
    return "dark" if props.display_mode == "dark" else "light"
