"""Stills of attention heads: what the page shows at first, and the thumbnails of all heads beside it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._still import arrange
from circuitsvis._still.blend import blended, hued
from circuitsvis._still.cells import Cells, heads, last_sources, previews
from circuitsvis._still.colors import Rgb, packed, ramp
from circuitsvis._still.palette import Palette, palette
from circuitsvis._still.picture import Still, beginning, counted
from circuitsvis._still.png import Pixels, png
from circuitsvis._still.scale import ColorScale
from circuitsvis._wire.palettes import ThemeName
from circuitsvis._wire.props.attention import AttentionPatternsProps, AttentionProps, AttentionSequence
from circuitsvis._wire.props.attribution import AttributionViewProps
from circuitsvis._wire.props.switches import ColorScaleName, Hide

MOST_CODES = 60_000
"""Numbers that a still of all heads decodes. Beyond, it blends their previews, as the page does at first."""

MOST_ADDED = 4_000_000
"""Numbers that a sum of all heads decodes: it cannot be told from previews."""

EXACT_THUMBNAILS = 64
"""Heads whose thumbnails have exactly the page's colors. Of more heads they have `FEW_SHADES` strengths: else the file would be three
times as large, for differences that nobody sees in 24 pixels."""

FEW_SHADES = 32

MOST_CELLS = 512
"""Longest side of a head whose every cell is drawn; of a longer one every second, third, ... row and column, and the text says so."""

_HIDDEN: dict[Hide, str] = {
    "first": "The first source is hidden.",
    "sinks": "The attention sinks of each head are hidden.",
}

BACKGROUNDS: dict[ThemeName, tuple[int, int]] = {"light": (0xFFFFFF, 0xC6CAD1), "dark": (0x16181C, 0x3A3F48)}
"""The color of the page, and of the lines around pictures."""


def still(props: AttentionProps) -> Still:
    """The picture of the sequence and head that the figure starts with, under the attention type that is shown first."""
    sheet, shown = drawn(props)
    height, width = sheet.pixels.shape
    return Still(png(sheet.pixels), width, height, _alt(props, shown, len(sheet.thumbnails)))


def drawn(props: AttentionProps) -> tuple[arrange.Sheet, str]:
    """The sheet, and what its large picture shows."""
    theme: ThemeName = "dark" if props.display_mode == "dark" else "light"
    colors = palette(theme, props.colors)
    sequence = _first_sequence(props)
    picture, shown = _large(props, sequence, colors)
    thumbnails = _thumbnails(props, sequence, colors)
    rows = arrange.rows_of([head.layer for head in props.heads], *thumbnails[0].shape) if thumbnails else []
    return arrange.arrange(picture, thumbnails, rows, *BACKGROUNDS[theme]), shown


def _first_sequence(props: AttentionProps) -> AttentionSequence:
    return props.sequences[props.focus.sequence if props.focus else 0]


def _large(props: AttentionProps, sequence: AttentionSequence, colors: Palette) -> tuple[Pixels, str]:
    n_heads, dest, src = sequence.attention.shape
    head = _focused_head(props)
    if isinstance(props, AttributionViewProps):
        return _attributed(props, sequence, colors, head)
    scale = _scale(props, colors)
    blends = isinstance(props, AttentionPatternsProps) and n_heads > 1
    if blends and head is None and sequence.preview is not None:
        if n_heads * dest * src <= (MOST_CODES if _simple(props) else MOST_ADDED):
            cells = heads(sequence, props.attention_type, range(n_heads)).hiding(sequence, props.switches)
        else:
            cells = _first_hidden(previews(sequence, sequence.preview, props.attention_type), props)
        how = "the largest value of all heads" if scale.signed else "all heads blended, a color for each"
        pixels = blended(cells.values(), cells.masked, _hues(props, colors), scale)
        if cells.hidden is not None:  # in all heads
            pixels[cells.hidden.all(axis=0) & ~cells.masked] = packed(colors.hidden)
        return pixels, how
    head = head or 0
    if blends and not scale.signed and not (props.colors and props.colors.positive):
        scale = _scale(props, colors, colors.head_hue(head, n_heads))
    cells = heads(sequence, props.attention_type, range(head, head + 1)).hiding(sequence, props.switches)
    return _fitting(cells.pixels(scale)[0]), _named(props.heads[head].name)


def _scale(props: AttentionProps, colors: Palette, hue: Rgb | None = None) -> ColorScale:
    return ColorScale(props.value_range, colors, hue, _transform(props))


def _transform(props: AttentionProps) -> ColorScaleName:
    return props.switches.color_scale if props.switches else "linear"


def _simple(props: AttentionProps) -> bool:
    """Whether previews show what is hidden: nothing, or the first token without renormalized values."""
    switches = props.switches
    return switches is None or switches.hide is None or (switches.hide == "first" and not switches.renormalize)


def _first_hidden(cells: Cells, props: AttentionProps) -> Cells:
    """Previews whose first column is hidden if the first token is."""
    if props.switches is None or props.switches.hide != "first":
        return cells
    columns = np.zeros((cells.steps.shape[0], cells.steps.shape[2]), bool)
    columns[:, 0] = True
    return replace(cells, hidden=columns)


def _focused_head(props: AttentionProps) -> int | None:
    """The head that is pinned at first; None for none, and for a component that is no head."""
    head = props.focus.head if props.focus else None
    return head if head is not None and head < len(props.heads) else None


def _attributed(
    props: AttributionViewProps, sequence: AttentionSequence, colors: Palette, head: int | None
) -> tuple[Pixels, str]:
    """A head, or the sum of all; where there are too many numbers to add, the head with the largest cell."""
    n_heads = len(props.heads)
    if head is None and n_heads * math.prod(sequence.attention.shape[1:]) > MOST_ADDED:
        head = int(np.argmax(sequence.attention.scales))
    total = np.zeros(sequence.attention.shape[1:])
    for index in range(n_heads) if head is None else (head,):
        total += heads(sequence, "standard", range(index, index + 1)).values()[0]
    end = max(props.value_range[1], -props.value_range[0])
    if not props.fixed_range:
        end = max(end, float(np.nan_to_num(np.abs(total)).max(initial=0.0)))
    scale = ColorScale((-end, end), colors, transform=_transform(props))
    masked = np.arange(total.shape[1]) > last_sources(sequence)[:, None]
    shown = _named(props.heads[head or 0].name) if head is not None or n_heads == 1 else "the sum of all heads"
    return _fitting(scale.pixels(total * scale.per_unit, masked)), shown


def _fitting(pixels: Pixels) -> Pixels:
    every = _every(pixels.shape)
    return pixels[::every, ::every]


def _every(shape: tuple[int, ...]) -> int:
    return -(-max(shape) // MOST_CELLS)


def _thumbnails(props: AttentionProps, sequence: AttentionSequence, colors: Palette) -> list[Pixels]:
    """The preview of each head, none of a single head."""
    if sequence.preview is None or len(props.heads) < 2:
        return []
    scale = _scale(props, colors)
    if _simple(props) or math.prod(sequence.attention.shape) > MOST_ADDED:
        cells = _first_hidden(previews(sequence, sequence.preview, props.attention_type), props)
    else:
        cells = (
            heads(sequence, props.attention_type, range(len(props.heads)))
            .hiding(sequence, props.switches)
            .pooled(sequence)
        )
    few = len(props.heads) > EXACT_THUMBNAILS and _transform(props) == "linear"  # others spread small values
    shades = FEW_SHADES if few else None
    own_hues = isinstance(props, AttentionPatternsProps) and not (props.colors and props.colors.positive)
    if own_hues and not scale.signed:
        pixels = hued(cells.entries(scale), cells.absent_and_masked(), _hues(props, colors), scale, shades)
        return list(cells.without_hidden(pixels, scale))
    return list(cells.pixels(scale, shades))


def _hues(props: AttentionProps, colors: Palette) -> Float64:
    """[head, channel]."""
    if props.colors and props.colors.positive:
        return np.array([ramp(colors.positive, 1.0)] * len(props.heads))
    return np.array([colors.head_hue(index, len(props.heads)) for index in range(len(props.heads))])


def _named(name: str) -> str:
    return name if name.lower().startswith(("head", "attention")) else f"head {name}"


def _alt(props: AttentionProps, shown: str, n_thumbnails: int) -> str:
    sequence = _first_sequence(props)
    n_heads, dest, src = sequence.attention.shape
    layers: Sequence[int] = sorted({head.layer for head in props.heads if head.layer is not None})
    of_layers = (
        f" of layers {layers[0]} to {layers[-1]}" if len(layers) > 1 else f" of layer {layers[0]}" if layers else ""
    )
    what = "Direct logit attribution" if isinstance(props, AttributionViewProps) else "Attention"
    if not isinstance(props, AttributionViewProps) and props.attention_type != "standard":
        what = f"{props.attention_type.capitalize()} attention"
    lines = [f"{what}, {counted(n_heads, 'head')}{of_layers}: {shown}."]
    if n_thumbnails:
        lines.append(
            f"At the right {'each head' if n_thumbnails == n_heads else f'{n_thumbnails} of the heads'} alone."
        )
    sources = beginning(sequence.src_tokens or sequence.dest_tokens)
    axes = f"Rows are {counted(dest, 'destination token')}, columns {counted(src, 'source token')}"
    lines.append(f"{axes}: {sources}.")
    if not isinstance(props, AttentionPatternsProps) and (every := _every((dest, src))) > 1:
        lines.append(f"One of {every} rows and columns is drawn.")
    if props.switches and props.switches.hide:
        lines.append(_HIDDEN[props.switches.hide] + (" Values are renormalized." if props.switches.renormalize else ""))
    if len(props.sequences) > 1:
        number = props.focus.sequence if props.focus else 0
        lines.append(f"Sequence {number + 1} of {len(props.sequences)}.")
    return " ".join(lines)
