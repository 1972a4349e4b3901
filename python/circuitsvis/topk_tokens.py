"""The tokens with the largest and the smallest activations of each neuron."""

from __future__ import annotations

from collections.abc import Sequence

from circuitsvis._common import checks
from circuitsvis._common.arrays import ArrayLike
from circuitsvis._input.custom_colors import custom_colors
from circuitsvis._input.options import Options, color_limits
from circuitsvis._input.public_functions import public
from circuitsvis._tokens import topk_figure, topk_input
from circuitsvis._wire.props.figure import DisplayMode
from circuitsvis.figure import Figure

__all__ = ["topk_tokens"]


@public
def topk_tokens(
    tokens: Sequence[Sequence[str]],
    activations: Sequence[ArrayLike],
    max_k: int = 10,
    first_dimension_name: str = "Layer",
    third_dimension_name: str = "Neuron",
    sample_labels: Sequence[str] | None = None,
    first_dimension_labels: Sequence[str] | None = None,
    *,
    third_dimension_labels: Sequence[str] | None = None,
    min_value: float | None = None,
    max_value: float | None = None,
    negative_color: str | None = None,
    positive_color: str | None = None,
    title: str | None = None,
    help: bool = False,
    display_mode: DisplayMode | None = None,
) -> Figure:
    """Shows a table of the tokens with the largest and the smallest activations, a column for each neuron.

    Page through the neurons, or type the number of one; choose sample, layer, how many tokens and neurons are shown. A cell shows its
    token on the color of its activation; hovering it shows the value and the tokens around it.

    Args:
        tokens: the tokens of each sample, a list of lists of strings.
        activations: for each sample an array [layer, token, neuron]. Samples may differ in tokens and in neurons. NaN is a
            missing value and never chosen.
        max_k: how many top tokens, and how many bottom tokens, at most; 1 or more. Only these travel. The page shows that many
            or fewer; a sample with fewer tokens shows all of them.
        first_dimension_name: of the first dimension, e.g. "Layer" or "Head".
        third_dimension_name: of the third dimension, e.g. "Neuron" or "Feature".
        sample_labels: one per sample, plain text. None: their numbers.
        first_dimension_labels: one per layer, plain text. None: their numbers.
        third_dimension_labels: one per neuron of the sample that has most. None: their numbers.
        min_value, max_value: ends of the color scale, min_value <= 0 < max_value. None: lowest and highest activation of all
            samples. Values beyond an end have its color.
        negative_color, positive_color: CSS colors of the ends. None: red and blue.
        title: heading, plain text.
        help: add a text that explains the view.
        display_mode: "dark", "light", or "auto" (the default) for the theme of the page.

    Returns:
        The figure.

    Raises:
        TypeError, ValueError: wrong arguments; shapes that do not fit; an infinite value.

    Notes:
        Positions are exact. A value on the page is within 2**-15 of the largest magnitude in its column; whole numbers up to 32767,
        and most values in half precision, are exact. Equal values are in the order of the text.
    """
    options = Options(help=help, title=title, display_mode=display_mode)
    k = checks.integer("max_k", max_k)
    if k < 1:
        raise ValueError(f"max_k: must be 1 or more, the number of top tokens and of bottom tokens, got {max_k!r}")
    limits = color_limits(min_value, max_value)
    colors = custom_colors(negative_color, positive_color, display_mode)
    texts, arrays = topk_input.samples(tokens, activations)
    return topk_figure.figure(
        texts,
        arrays,
        k,
        topk_figure.Names(
            first=topk_input.name("first_dimension_name", first_dimension_name),
            third=topk_input.name("third_dimension_name", third_dimension_name),
            samples=topk_input.labels("sample_labels", sample_labels, len(texts), "sample"),
            first_labels=topk_input.labels(
                "first_dimension_labels",
                first_dimension_labels,
                int(arrays[0].shape[0]),
                "index of the first dimension",
            ),
            third_labels=topk_input.labels(
                "third_dimension_labels",
                third_dimension_labels,
                max(int(array.shape[2]) for array in arrays),
                "index of the third dimension (of the sample that has most)",
            ),
        ),
        options,
        limits=limits,
        colors=colors,
    )


def __dir__() -> list[str]:
    return __all__
