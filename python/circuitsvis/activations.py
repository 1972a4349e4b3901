"""Activations of neurons, or of anything else that has a value per token, on the tokens of texts."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input import dimensions
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.options import Options, color_limits
from circuitsvis._input.public_functions import public
from circuitsvis._tokens import neuron_figure, neuron_input
from circuitsvis._tokens.neuron_figure import NeuronLook
from circuitsvis._wire.encode_sequence import Precision
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis.figure import Figure

__all__ = ["text_neuron_activations"]


@public
def text_neuron_activations(
    tokens: Sequence[str] | Sequence[Sequence[str]],
    activations: ArrayLike,
    first_dimension_name: str | None = "Layer",
    second_dimension_name: str | None = "Neuron",
    first_dimension_labels: Sequence[str] | None = None,
    second_dimension_labels: Sequence[str] | None = None,
    *,
    sample_labels: Sequence[str] | None = None,
    min_value: float | None = None,
    max_value: float | None = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    precision: Precision | None = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
) -> Figure:
    """Shows the activation of a neuron, to be chosen on the page, as the color of each token of one or more texts.

    Args:
        tokens: list of strings for one text, e.g. ["A", " person"], or a list of lists for several.
        activations: [token, layer, neuron] for one text, or a list of these for several, whose numbers of tokens may differ: arrays
            or tensors of any library, or nested lists. NaN is shown as a missing value.
        first_dimension_name, second_dimension_name: what the selectors of the second and third axis are called. None: the default.
        first_dimension_labels, second_dimension_labels: a text for each index of these axes. None: numbers from 0.
        sample_labels: a name for each text. None: numbers from 0.
        min_value, max_value: ends of the color scale, min_value <= 0 < max_value. None: the lowest and the highest of all values
            (zero is always neutral). On the page one may switch to the range of the neuron that is shown.
        negative_color, positive_color: CSS colors of the most negative and the most positive value. None: red and blue.
        precision: bits per value, 16 or 8. None: 16 if the page is then below 25 MB, the limit for notebooks, else 8.
        title: heading, plain text.
        help: whether to show how the figure is read.
        display_mode: "dark" or "light": a panel of that theme. None or "auto": the theme of the page around the figure.

    Returns:
        The figure. The last line of a notebook cell displays it; `save` writes it to a file.

    Raises:
        TypeError, ValueError: wrong arguments, shapes that do not fit, infinite values. The text names the argument and the fix.

    Notes:
        On the page each value is within 0.51 / 32767 of the largest magnitude of its neuron over all texts, within 0.51 / 65534 if
        no value of the neighbouring neurons is negative; with precision=8 within 0.51 / 127 and 0.51 / 254. The page prints no
        digits beyond that.
    """
    if precision is not None and precision not in (8, 16):
        raise ValueError(f"precision: must be 16 or 8 (bits per value), or None, got {precision!r}")
    options = Options(title=title, help=help, display_mode=display_mode)
    limits = color_limits(min_value, max_value)
    colors = custom_colors(negative_color, positive_color, display_mode)
    samples = neuron_input.matched(tokens, activations)
    look = NeuronLook(
        first=dimensions.dimension(
            "first_dimension", first_dimension_name, first_dimension_labels, samples.n_layers, default="Layer"
        ),
        second=dimensions.dimension(
            "second_dimension", second_dimension_name, second_dimension_labels, samples.n_neurons, default="Neuron"
        ),
        labels=dimensions.texts("sample_labels", sample_labels, len(samples.tokens)),
        limits=limits,
        colors=colors,
        precision=precision,
    )
    return neuron_figure.figure(samples, look, options)


def __dir__() -> list[str]:
    return __all__
