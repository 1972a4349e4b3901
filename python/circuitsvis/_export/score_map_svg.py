"""The SVG picture of a score map: the map of the score that is shown first, with the pinned head's value."""

from __future__ import annotations

import numpy as np

from circuitsvis._export import heatmap_svg, score_map_table
from circuitsvis._export.heatmap_scene import Axis
from circuitsvis._export.token_words import shown
from circuitsvis._still.palette import palette
from circuitsvis._still.scale import ColorScale
from circuitsvis._still.score_map_still import shown_values
from circuitsvis._wire.palettes import ThemeName
from circuitsvis._wire.props.score_map import ScoreMapProps


def svg_of(props: ScoreMapProps) -> str:
    """The file."""
    theme: ThemeName = "dark" if props.display_mode == "dark" else "light"
    score = props.scores[props.score]
    values = shown_values(props)
    scale = ColorScale(score.value_range, palette(theme, props.colors), transform=props.color_scale)
    absent = np.isnan(values)
    caption, pinned = shown(score.name), None
    if props.head is not None:
        pinned = divmod(props.head, props.n_heads)
        value = "no value" if absent[pinned] else f"{values[pinned]:.4g}"
        caption = f"Head {score_map_table.names(props)[props.head]}: {caption} {value}"
    return heatmap_svg.to_svg(
        heatmap_svg.Heatmap(
            rows=Axis("Layer", [str(layer) for layer in props.layers], None),
            cols=Axis("Head", [str(head) for head in range(props.n_heads)], None, upright=True),
            pixels=scale.pixels(values * scale.per_unit, np.zeros(values.shape, bool)),
            scale=scale,
            caption=caption,
            legend=shown(score.name),
            pinned=pinned,
            marks=tuple(divmod(head, props.n_heads) for head in props.kept),
            masked=False,
            missing=bool(absent.any()),
        ),
        theme,
    )
