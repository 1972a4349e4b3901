"""Activations of neurons at each token of one or more texts."""

from __future__ import annotations

from dataclasses import dataclass, field

from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.dimension import ColorRange, Dimension
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.tensor import SEPARATE_CHUNKS, Tensor


@dataclass(frozen=True)
class TextSample:
    """One text.

    Attributes:
        label: its name, as plain text; None if it is known by its number.
        tokens: text of each token.
    """

    label: str | None
    tokens: tuple[str, ...]


@dataclass(frozen=True)
class NeuronGroup:
    """Consecutive neurons of a layer, which are decoded together.

    Attributes:
        activations: (neuron, token) with one scale per neuron, one chunk; the tokens of all samples, one sample after the other.
    """

    activations: Tensor = field(metadata=SEPARATE_CHUNKS)


@dataclass(frozen=True)
class NeuronLayer:
    """The neurons of one layer, in groups of `group_size`; the last group may be smaller."""

    groups: tuple[NeuronGroup, ...]


@dataclass(frozen=True)
class TextNeuronActivationsProps(FigureProps):
    """The activations of one neuron at a time, on the tokens of several texts.

    Attributes:
        samples: at least one.
        layers: the first dimension, one entry per index.
        group_size: neurons of a group.
        n_neurons: length of the second dimension.
        first: name and labels of the layers.
        second: the same of the neurons.
        value_range: (low, high) of the color scale over all values, low <= 0 < high.
        color_range: the color range that is shown first.
        colors: of both signs, as the user chose them; None for the page's.
    """

    samples: tuple[TextSample, ...]
    layers: tuple[NeuronLayer, ...]
    group_size: int
    n_neurons: int
    first: Dimension
    second: Dimension
    value_range: tuple[float, float]
    color_range: ColorRange
    colors: CustomColors | None

    def lighter(self) -> tuple[str, ...]:
        return (
            "precision=8: about half the weight, if it is not set already",
            "fewer layers, neurons or texts, e.g. activations[:, 4:8, :1000]",
        )

    def summary(self) -> str:
        return (
            f"{self.first.name}: {len(self.layers)}, {self.second.name}: {self.n_neurons}, samples: {len(self.samples)}"
        )
