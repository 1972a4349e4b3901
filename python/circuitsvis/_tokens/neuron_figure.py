"""The figure of `text_neuron_activations`: precision chosen, values encoded, props filled."""

from __future__ import annotations

from dataclasses import dataclass

from circuitsvis._input.options import Options
from circuitsvis._input.value_range import value_range
from circuitsvis._page.figure import Figure
from circuitsvis._page.in_notebooks import INLINE_LIMIT
from circuitsvis._tokens import neuron_values
from circuitsvis._tokens.neuron_input import NeuronSamples
from circuitsvis._wire.encode_sequence import Precision
from circuitsvis._wire.props.activations import TextNeuronActivationsProps, TextSample
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.dimension import Dimension

_CHARACTERS_PER_VALUE = 2 * 4 / 3
"""Characters of a 16-bit value in a page, uncompressed: activations compress little."""


@dataclass(frozen=True)
class NeuronLook:
    """How the figure looks, checked.

    Attributes:
        first, second: the dimensions.
        labels: of the samples; None for numbers.
        limits: (min_value, max_value), None where not set.
        colors: of both signs, None for the page's.
        precision: bits per value; None for 16, or 8 where the page would be too large for a notebook.
    """

    first: Dimension
    second: Dimension
    labels: tuple[str, ...] | None
    limits: tuple[float | None, float | None]
    colors: CustomColors | None
    precision: Precision | None


def figure(samples: NeuronSamples, look: NeuronLook, options: Options) -> Figure:
    """The figure. Raises ValueError for infinite values."""
    precision = look.precision or _default_precision(samples)
    values = neuron_values.encode(samples, precision)
    labels = look.labels or [None] * len(samples.tokens)
    return Figure(
        TextNeuronActivationsProps(
            title=options.title,
            help=_help(look, len(samples.tokens)) if options.help else (),
            notes=(_rounded(values.low < 0.0),) if look.precision is None and precision == 8 else (),
            display_mode=options.display_mode or "auto",
            samples=tuple(TextSample(label, text) for label, text in zip(labels, samples.tokens, strict=True)),
            layers=values.layers,
            group_size=values.group_size,
            n_neurons=samples.n_neurons,
            first=look.first,
            second=look.second,
            value_range=value_range(values.low, values.high, look.limits),
            color_range="all",
            colors=look.colors,
        )
    )


def _default_precision(samples: NeuronSamples) -> Precision:
    values = sum(map(len, samples.tokens)) * samples.n_layers * samples.n_neurons
    return 16 if values * _CHARACTERS_PER_VALUE <= INLINE_LIMIT else 8


def _rounded(signed: bool) -> str:
    share = "0.41" if signed else "0.21"
    return (
        f"Values are rounded to 8 bits, because there are many: each is exact to {share} % of the largest magnitude of its row of "
        "the array. precision=16 shows more digits and doubles the file."
    )


def _help(look: NeuronLook, n_samples: int) -> tuple[str, ...]:
    first, second = look.first.name, look.second.name
    return (
        f"Each token has the color of its activation at the chosen {first} and {second}. Type a number or a label into their fields, "
        "or use the buttons and the arrow keys for the next one. Point at a token for its value; click to keep the value in view, "
        "click again or press Escape to let go.",
        f'Color range "whole figure": a color means the same value everywhere. The other range spans the values of the chosen {second} '
        f"over all samples{'' if n_samples > 1 else ' (here one)'}: its strongest activation has the full color.",
    )
