"""Stills of score maps: the map of the score that is shown first."""

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
from circuitsvis._wire.props.score_map import ScoreMapProps

_LISTED = 3
"""Heads that the text names."""


def still(props: ScoreMapProps) -> Still:
    """The picture, and a text with the strongest heads."""
    pixels = drawn(props)
    height, width = pixels.shape
    return Still(png(pixels), width, height, _alt(props, shown_values(props)))


def drawn(props: ScoreMapProps) -> Pixels:
    """The picture's pixels: rows are layers, columns heads."""
    theme: ThemeName = "dark" if props.display_mode == "dark" else "light"
    values = shown_values(props)
    score = props.scores[props.score]
    scale = ColorScale(score.value_range, palette(theme, props.colors), transform=props.color_scale)
    pixels = scale.pixels(values * scale.per_unit, np.zeros(values.shape, bool))
    return arrange.arrange(pixels, [], [], *BACKGROUNDS[theme]).pixels


def shown_values(props: ScoreMapProps) -> Float64:
    """[layer, head] of the score that is shown first."""
    return decode.part(props.values, props.score)


def _alt(props: ScoreMapProps, values: Float64) -> str:
    flat = values.reshape(-1)
    order = np.argsort(np.where(np.isnan(flat), np.inf, -np.abs(flat)), kind="stable")[:_LISTED]
    names = (
        f"{props.layers[place // props.n_heads]}.{place % props.n_heads} ({flat[place]:.4g})"
        for place in order.tolist()
        if not np.isnan(flat[place])
    )
    n_layers = len(props.layers)
    return (
        f"Map of {counted(n_layers * props.n_heads, 'head')} by {props.scores[props.score].name or 'score'}: rows are "
        f"{counted(n_layers, 'layer')}, columns {counted(props.n_heads, 'head')}. Largest: {', '.join(names)}."
    )
