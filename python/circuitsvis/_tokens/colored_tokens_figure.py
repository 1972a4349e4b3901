"""The figure of texts whose tokens are colored by values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._input.options import Options
from circuitsvis._page.figure import Figure
from circuitsvis._tokens import colored_tokens_help, value_ends
from circuitsvis._tokens.token_values import TokenValues
from circuitsvis._tokens.value_ends import Limits
from circuitsvis._wire import fixed_point
from circuitsvis._wire.props.colored_tokens import ColoredSample, ColoredTokensProps, ValueKind
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.tensor import Tensor

_SMALLEST = 1e-290
"""Values below it are 0 on the page: a step of them would have fewer digits than a double normally has."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """How the values are shown; everything is checked.

    Attributes:
        kinds: a name per kind of value.
        limits: (min_value, max_value) of each kind.
        colors: of the user; None for the palette's.
        labels: HTML above each text; empty for none.
        hover_html: HTML of each token of each text; None for none.
        notes: sentences about the data.
    """

    kinds: Sequence[str]
    limits: Sequence[Limits]
    colors: CustomColors | None
    labels: Sequence[str]
    hover_html: Sequence[tuple[str, ...]] | None
    notes: tuple[str, ...] = ()


def figure(samples: Sequence[TokenValues], look: Look, options: Options) -> Figure:
    """The figure. All texts share the color scale of each kind."""
    everything = np.concatenate([sample.values for sample in samples])
    kinds = tuple(
        ValueKind(name, value_ends.value_range(everything[:, i], look.limits[i])) for i, name in enumerate(look.kinds)
    )
    props = ColoredTokensProps(
        title=options.title,
        help=colored_tokens_help.paragraphs(len(kinds), len(samples)) if options.help else (),
        notes=look.notes,
        display_mode=options.display_mode or "auto",
        samples=tuple(
            ColoredSample(
                label=look.labels[i] if look.labels else "",
                tokens=sample.tokens,
                values=encoded(sample.values.T),
                hover_html=look.hover_html[i] if look.hover_html else (),
            )
            for i, sample in enumerate(samples)
        ),
        kinds=kinds,
        colors=look.colors,
    )
    return Figure(props)


def encoded(values: Float64) -> Tensor:
    """Values [kind, token], finite or NaN, as uint24 with one scale per kind: as exact as float32 at the largest magnitude."""
    values = np.where(np.abs(values) < _SMALLEST, 0.0, values)
    magnitudes = [float(np.fmax.reduce(np.abs(row), initial=0.0)) for row in values]
    return fixed_point.stack(values, magnitudes, "uint24", signed=bool((values < 0.0).any()))
