"""The largest and the smallest values of each neuron over the tokens of a text."""

from __future__ import annotations

from dataclasses import dataclass, field

from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.figure import FigureProps
from circuitsvis._wire.props.tensor import SEPARATE_CHUNKS, Tensor


@dataclass(frozen=True)
class TopkSample:
    """One text with its top and bottom tokens for each neuron of each layer.

    Tensors have an index for each group of neurons: the groups of the first layer, then those of the second. A group holds
    `group_size` neurons; the last of a layer may hold fewer, and then ends with zeros. Ranks go from the largest value to the
    smallest, equal values by position: the first k are the top, the last k the bottom. A text of fewer than 2 k tokens has a
    rank for each token. Ranks without a value (NaN) come last.

    Attributes:
        label: what the sample selector shows, plain text; None for its number.
        tokens: the text.
        neurons: number of neurons in each layer.
        k: number of top tokens, and of bottom tokens.
        differences: (group, rank, neuron) uint16 integers: the code of the first rank + 32767, and of each further rank how much
            smaller its code is. value = code * 2**exponent, within half of 2**exponent.
        positions: (group, rank, neuron) integers: the token of each rank; the number of tokens where there is no value.
        exponents: (group, 1, neuron) integers.
    """

    label: str | None
    tokens: tuple[str, ...]
    neurons: int
    k: int
    differences: Tensor = field(metadata=SEPARATE_CHUNKS)
    positions: Tensor = field(metadata=SEPARATE_CHUNKS)
    exponents: Tensor = field(metadata=SEPARATE_CHUNKS)


@dataclass(frozen=True)
class TopkTokensProps(FigureProps):
    """A table of top and bottom tokens, a column for each neuron.

    Attributes:
        samples: at least one, all with the same number of layers.
        layers: length of the first dimension.
        group_size: neurons per chunk.
        first_dimension_name, third_dimension_name: e.g. "Layer" and "Neuron".
        first_dimension_labels: one per layer; None for numbers.
        third_dimension_labels: one per neuron of the widest sample; None for numbers.
        value_range: (low, high) of the color scale, low <= 0 < high.
        colors: colors that the user chose; None for the palette's.
    """

    samples: tuple[TopkSample, ...]
    layers: int
    group_size: int
    first_dimension_name: str
    third_dimension_name: str
    first_dimension_labels: tuple[str, ...] | None
    third_dimension_labels: tuple[str, ...] | None
    value_range: tuple[float, float]
    colors: CustomColors | None

    def summary(self) -> str:
        widest = max(sample.neurons for sample in self.samples)
        counts = ((len(self.samples), "sample"), (self.layers, "layer"), (widest, "neuron"))
        return ", ".join(f"{number} {noun}{'' if number == 1 else 's'}" for number, noun in counts)
