"""Stills of activation patching: the grid that is shown first."""

from __future__ import annotations

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._still import arrange
from circuitsvis._still.attention_still import BACKGROUNDS
from circuitsvis._still.palette import palette
from circuitsvis._still.picture import Still, counted
from circuitsvis._still.png import Pixels, png
from circuitsvis._still.scale import ColorScale
from circuitsvis._wire import decode
from circuitsvis._wire.palettes import ThemeName
from circuitsvis._wire.props.patching import PatchingMapProps

_LISTED = 3
"""Cells that the text names."""


def still(props: PatchingMapProps) -> Still:
    """The picture, and a text with the largest effects."""
    pixels = drawn(props)
    height, width = pixels.shape
    return Still(png(pixels), width, height, _alt(props, shown_values(props)))


def drawn(props: PatchingMapProps) -> Pixels:
    """The picture's pixels: rows are layers."""
    theme: ThemeName = "dark" if props.display_mode == "dark" else "light"
    values = shown_values(props)
    scale = ColorScale(props.grids[props.grid].value_range, palette(theme, props.colors))
    pixels = scale.pixels(values * scale.per_unit, np.zeros(values.shape, bool))
    return arrange.arrange(pixels, [], [], *BACKGROUNDS[theme]).pixels


def shown_values(props: PatchingMapProps) -> Float64:
    """[layer, column] of the grid and the sequence that are shown first."""
    return decode.part(props.grids[props.grid].values, props.focus.sequence if props.focus else 0)


def _alt(props: PatchingMapProps, values: Float64) -> str:
    grid = props.grids[props.grid]
    flat = values.reshape(-1)
    order = np.argsort(np.where(np.isnan(flat), np.inf, -np.abs(flat)), kind="stable")[:_LISTED]
    cols = values.shape[1]
    cells = (
        f"layer {props.layers[place // cols]}, {grid.columns} "
        f"{props.positions[place % cols] if grid.columns == 'position' else place % cols} ({flat[place]:.4g})"
        for place in order.tolist()
        if not np.isnan(flat[place])
    )
    what = f" on the {props.metric}" if props.metric else ""
    return (
        f"Effects of patching {grid.name or 'activations'}{what}: rows are {counted(len(props.layers), 'layer')}, columns "
        f"{counted(cols, grid.columns)}. Largest: {'; '.join(cells)}."
    )
