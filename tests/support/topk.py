"""The top and bottom tokens of a figure, decoded as the documentation of the props says, and a slow reference of them."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from circuitsvis._wire.props.topk import TopkSample, TopkTokensProps
from circuitsvis.figure import Figure

from tests.support import reference


class Entry(NamedTuple):
    """A token and its value."""

    position: int
    value: float


class Column(NamedTuple):
    """What a neuron's column shows, and the largest possible error of its values."""

    top: list[Entry]
    bottom: list[Entry]
    bound: float


def props(figure: Figure) -> TopkTokensProps:
    assert isinstance(figure._props, TopkTokensProps)
    return figure._props


def column(figure: Figure, sample: int, layer: int, neuron: int) -> Column:
    """The decoded column of a neuron."""
    shown = props(figure)
    data = shown.samples[sample]
    assert 0 <= neuron < data.neurons
    group = layer * math.ceil(data.neurons / shown.group_size) + neuron // shown.group_size
    differences, positions, exponents = (
        numbers(tensor, group)[:, neuron % shown.group_size]
        for tensor in (data.differences, data.positions, data.exponents)
    )
    step = 2.0 ** int(exponents[0])
    codes = [int(differences[0]) - 32767]
    for difference in differences[1:]:
        codes.append(codes[-1] - int(difference))
    entries = [Entry(int(p), c * step) for p, c in zip(positions, codes, strict=True) if p < len(data.tokens)]
    k = min(data.k, len(entries))
    return Column(entries[:k], entries[len(entries) - k :], step / 2)


def numbers(tensor: Any, group: int) -> npt.NDArray[np.float64]:
    """The integers of a group, [rank, neuron]."""
    one = type(tensor)(
        **{
            **tensor.__dict__,
            "shape": (1, *tensor.shape[1:]),
            "scales": tensor.scales[group : group + 1],
            "chunks": tensor.chunks[group : group + 1],
        }
    )
    return reference.decode(one)[0]


def by_sorting(values: Any, k: int) -> tuple[list[Entry], list[Entry]]:
    """The top k and the bottom k of one neuron's values, by sorting all of them in float64."""
    entries = [Entry(i, float(value)) for i, value in enumerate(values) if not math.isnan(value)]
    entries.sort(key=lambda entry: (-entry.value, entry.position))
    k = min(k, len(entries))
    return entries[:k], entries[len(entries) - k :]


def assert_shows(figure: Figure, activations: list[Any], max_k: int, neurons: list[int] | None = None) -> None:
    """Every column has the positions of the reference, and its values within the error bound."""
    for sample, array in enumerate(activations):
        array = np.asarray(array, np.float64)
        for layer in range(array.shape[0]):
            for neuron in range(array.shape[2]) if neurons is None else neurons:
                found = column(figure, sample, layer, neuron)
                want = by_sorting(array[layer, :, neuron], max_k)
                largest = np.nanmax(np.abs(array[layer, :, neuron]), initial=0.0)
                assert found.bound <= max(largest * 2.0**-15, 2.0**-141)
                for got, expected in zip(found[:2], want, strict=True):
                    assert [entry.position for entry in got] == [entry.position for entry in expected]
                    for one, other in zip(got, expected, strict=True):
                        assert abs(one.value - other.value) <= found.bound * (1 + 1e-6)


def sample(figure: Figure, index: int) -> TopkSample:
    return props(figure).samples[index]
