"""The samples on which neurons are most active."""

from __future__ import annotations

from dataclasses import dataclass, field

from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.dimension import ColorRange, Dimension
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.tensor import SEPARATE_CHUNKS, Tensor


@dataclass(frozen=True)
class SampleGroup:
    """The samples of consecutive neurons of a layer, which are decoded together.

    The samples of a neuron follow each other in descending order of their largest activation, and so do the neurons' samples.

    Attributes:
        counts: number of samples of each neuron.
        magnitudes: largest |activation| of each neuron, rounded up by a factor of at most 1.0001.
        indices: (1, sample), the index of each sample among its neuron's as they were passed.
        lengths: (1, sample), the number of tokens of each sample.
        token_ids: (1, token), index of each token among the figure's `vocabulary`.
        activations: (1, token), relative to the magnitude of the token's neuron, in [-1, 1].
    """

    counts: tuple[int, ...]
    magnitudes: tuple[float, ...]
    indices: Tensor = field(metadata=SEPARATE_CHUNKS)
    lengths: Tensor = field(metadata=SEPARATE_CHUNKS)
    token_ids: Tensor = field(metadata=SEPARATE_CHUNKS)
    activations: Tensor = field(metadata=SEPARATE_CHUNKS)


@dataclass(frozen=True)
class SampleLayer:
    """The neurons of one layer, in groups."""

    groups: tuple[SampleGroup, ...]


@dataclass(frozen=True)
class TopkSamplesProps(FigureProps):
    """The samples of one neuron at a time, each with its largest activation.

    Attributes:
        vocabulary: each different token of the figure once.
        layers: the zeroth dimension, one entry per index.
        zeroth: name and labels of this dimension.
        first: the same of the neurons.
        value_range: (low, high) of the color scale over all values, low <= 0 < high.
        color_range: the color range that is shown first.
        colors: of both signs, as the user chose them; None for the page's.
    """

    vocabulary: tuple[str, ...]
    layers: tuple[SampleLayer, ...]
    zeroth: Dimension
    first: Dimension
    value_range: tuple[float, float]
    color_range: ColorRange
    colors: CustomColors | None

    def lighter(self) -> tuple[str, ...]:
        return ("fewer neurons, or fewer samples of each: those with the largest activations",)

    def summary(self) -> str:
        groups = [group for layer in self.layers for group in layer.groups]
        neurons, samples = sum(len(group.counts) for group in groups), sum(sum(group.counts) for group in groups)
        return f"{self.zeroth.name}: {len(self.layers)}, {self.first.name}: {neurons}, samples: {samples}"
