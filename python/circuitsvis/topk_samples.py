"""The samples on which a neuron is most active."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input import dimensions
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.options import Options, color_limits
from circuitsvis._input.public_functions import public
from circuitsvis._tokens import sample_input, samples_figure
from circuitsvis._tokens.samples_figure import SamplesLook
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis.figure import Figure

__all__ = ["topk_samples"]


@public
def topk_samples(
    tokens: Sequence[Sequence[Sequence[Sequence[str]]]],
    activations: ArrayLike,
    zeroth_dimension_name: str | None = "Layer",
    first_dimension_name: str | None = "Neuron",
    zeroth_dimension_labels: Sequence[str] | None = None,
    first_dimension_labels: Sequence[str] | None = None,
    *,
    min_value: float | None = None,
    max_value: float | None = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
) -> Figure:
    """Shows samples of text in descending order of a neuron's largest activation, for a neuron to be chosen on the page.

    The samples may be passed in any order: the figure sorts them, equal ones stay as they are, and states the index of each.

    Args:
        tokens: the tokens of each sample, `tokens[layer][neuron][sample][token]`, nested lists of any lengths.
        activations: one number per token, nested alike: lists, or arrays of any library at any depth. NaN is a missing value.
        zeroth_dimension_name, first_dimension_name: what the selectors of layers and neurons are called. None: the default.
        zeroth_dimension_labels, first_dimension_labels: a text for each layer, and for each neuron (of the layer that has most of
            them). None: numbers from 0.
        min_value, max_value: ends of the color scale, min_value <= 0 < max_value. None: the range of the neuron's samples, or of
            all values, to be chosen on the page (zero is always neutral).
        negative_color, positive_color: CSS colors of the most negative and the most positive value. None: red and blue.
        title: heading, plain text.
        help: whether to show how the figure is read.
        display_mode: "dark" or "light": a panel of that theme. None or "auto": the theme of the page around the figure.

    Returns:
        The figure. The last line of a notebook cell displays it; `save` writes it to a file.

    Raises:
        TypeError, ValueError: wrong arguments, lengths that do not fit, infinite values. The text names the place.

    Notes:
        On the page each value is within 0.52 / 32767 of the largest magnitude of its neuron, and printed with no digits beyond
        that. The order of the samples follows from the unrounded values, in float32.
    """
    options = Options(title=title, help=help, display_mode=display_mode)
    limits = color_limits(min_value, max_value)
    colors = custom_colors(negative_color, positive_color, display_mode)
    samples = sample_input.matched(tokens, activations)
    look = SamplesLook(
        zeroth=dimensions.dimension(
            "zeroth_dimension", zeroth_dimension_name, zeroth_dimension_labels, len(samples.layers), default="Layer"
        ),
        first=dimensions.dimension(
            "first_dimension", first_dimension_name, first_dimension_labels, max(samples.layers), default="Neuron"
        ),
        limits=limits,
        colors=colors,
    )
    return samples_figure.figure(samples, look, options)


def __dir__() -> list[str]:
    return __all__
