"""The SVG picture of activation patching: the grid that is shown first, with the pinned cell's effect."""

from __future__ import annotations

import numpy as np

from circuitsvis._export import heatmap_svg
from circuitsvis._export.heatmap_scene import Axis
from circuitsvis._export.heatmap_svg import tick
from circuitsvis._export.token_words import shown
from circuitsvis._still.palette import palette
from circuitsvis._still.patching_still import shown_values
from circuitsvis._still.scale import ColorScale
from circuitsvis._wire.palettes import ThemeName
from circuitsvis._wire.props.patching import PatchingMapProps, PatchingSequence


def svg_of(props: PatchingMapProps) -> str:
    """The file."""
    theme: ThemeName = "dark" if props.display_mode == "dark" else "light"
    grid = props.grids[props.grid]
    sequence = props.sequences[props.focus.sequence if props.focus else 0]
    values = shown_values(props)
    scale = ColorScale(grid.value_range, palette(theme, props.colors))
    absent = np.isnan(values)
    caption, pinned = shown(grid.name) + (f": {grid.title}" if grid.title else ""), None
    if props.focus is not None:
        pinned = (props.focus.row, props.focus.col)
        column = props.positions[pinned[1]] if grid.columns == "position" else pinned[1]
        value = "no value" if absent[pinned] else f"{values[pinned]:.4g}"
        caption = f"{shown(grid.name)}, layer {props.layers[pinned[0]]}, {grid.columns} {column}: {value}"
    return heatmap_svg.to_svg(
        heatmap_svg.Heatmap(
            rows=Axis("Layer", [str(layer) for layer in props.layers], None),
            cols=_columns(props, sequence, values.shape[1]),
            pixels=scale.pixels(values * scale.per_unit, np.zeros(values.shape, bool)),
            scale=scale,
            caption=caption,
            legend=legend_of(props, sequence),
            pinned=pinned,
            masked=False,
            missing=bool(absent.any()),
        ),
        theme,
    )


def legend_of(props: PatchingMapProps, sequence: PatchingSequence) -> str:
    """What was measured, and what 0 and 1 are. The twin of `legendText` in `frontend/src/views/patching/descriptions.ts`."""
    start = f"Effect on the {shown(props.metric)}" if props.metric else "Effect"
    if props.direction is None:
        return start
    runs = [("corrupted", sequence.corrupted), ("clean", sequence.clean)]
    zero, one = (
        f"{name} run{'' if number is None else f' ({tick(number)})'}"
        for name, number in (runs if props.direction == "denoise" else runs[::-1])
    )
    return f"{start}: 0 is the {zero}, 1 the {one}"


def _columns(props: PatchingMapProps, sequence: PatchingSequence, count: int) -> Axis:
    if props.grids[props.grid].columns == "head":
        return Axis("Head", [str(head) for head in range(count)], None)
    clean, corrupted = sequence.clean_tokens, sequence.corrupted_tokens
    if not clean and not corrupted:
        return Axis("Position", [str(position) for position in props.positions], None)
    labels = []
    for index in range(count):
        one = clean[index] if clean else corrupted[index]
        other = corrupted[index] if corrupted else one
        both = [shown(token) if token is not None else "…" for token in (one, other)]
        labels.append(both[0] if one == other else "/".join(both))
    title = "Position (clean/corrupted token)" if clean and corrupted and clean != corrupted else "Position"
    return Axis(title, labels, props.positions)
