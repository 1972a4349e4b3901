"""The figure of `topk_samples`: values encoded, props filled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from circuitsvis._input.options import Options
from circuitsvis._input.value_range import value_range
from circuitsvis._page.figure import Figure
from circuitsvis._tokens import sample_values
from circuitsvis._tokens.sample_input import Samples
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.dimension import Dimension
from circuitsvis._wire.props.topk_samples import TopkSamplesProps


@dataclass(frozen=True)
class SamplesLook:
    """How the figure looks, checked.

    Attributes:
        zeroth, first: the dimensions.
        limits: (min_value, max_value), None where not set.
        colors: of both signs, None for the page's.
    """

    zeroth: Dimension
    first: Dimension
    limits: tuple[float | None, float | None]
    colors: CustomColors | None


def figure(samples: Samples, look: SamplesLook, options: Options) -> Figure:
    """The figure."""
    low, high = (float(extremum.reduce(samples.values, initial=0.0)) for extremum in (np.fmin, np.fmax))
    return Figure(
        TopkSamplesProps(
            title=options.title,
            help=_help(look) if options.help else (),
            display_mode=options.display_mode or "auto",
            vocabulary=samples.vocabulary,
            layers=sample_values.encode(samples),
            zeroth=look.zeroth,
            first=look.first,
            value_range=value_range(low, high, look.limits),
            color_range="shown" if look.limits == (None, None) else "all",
            colors=look.colors,
        )
    )


def _help(look: SamplesLook) -> tuple[str, ...]:
    zeroth, first = look.zeroth.name, look.first.name
    return (
        f"The samples of the chosen {zeroth} and {first}, in descending order of their largest activation. A sample's number is its "
        "place in the data. Each token has the color of its activation: point at it for the value; click to keep the value in view, "
        "click again or press Escape to let go.",
        f'Color range "whole figure": a color means the same value everywhere. The other range spans the values of the chosen {first} '
        "over all its samples: its strongest activation has the full color.",
    )
