"""Encodes the activations of all neurons: layer by layer, in groups of neurons, in threads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from circuitsvis._common import parallel
from circuitsvis._common.arrays import FloatArray, to_float32
from circuitsvis._tokens.neuron_input import NeuronSamples
from circuitsvis._wire import fixed_point
from circuitsvis._wire.encode_sequence import Precision
from circuitsvis._wire.props.activations import NeuronGroup, NeuronLayer

_GROUP_VALUES = 200_000
"""Values of a group: a browser decodes as many in a few milliseconds, so that any neuron is shown in the next frame."""

_WORTH_THREADS = 500_000
"""Values from which on threads save time."""


@dataclass(frozen=True)
class NeuronValues:
    """All activations, encoded.

    Attributes:
        layers: of the props.
        group_size: neurons per group.
        low, high: of all values, and of zero.
    """

    layers: tuple[NeuronLayer, ...]
    group_size: int
    low: float
    high: float


@dataclass(frozen=True)
class _Part:
    """Some neurons of one layer, not yet encoded: [token, neuron] of each sample."""

    layer: int
    first: int
    samples: list[FloatArray]


@dataclass(frozen=True)
class _Encoded:
    layer: int
    group: NeuronGroup
    low: float
    high: float


def encode(samples: NeuronSamples, precision: Precision) -> NeuronValues:
    """The activations in fixed point. One layer at a time is in memory as float32 where the input is not that already.

    Raises:
        TypeError: an array that is not numeric.
        ValueError: an infinite value.
    """
    n_tokens = sum(map(len, samples.tokens))
    size = max(1, min(samples.n_neurons, _GROUP_VALUES // n_tokens))

    def work(part: _Part) -> _Encoded:
        return _encoded(part, precision)

    threads = n_tokens * samples.n_layers * samples.n_neurons >= _WORTH_THREADS
    encoded = list(parallel.staged(_parts(samples, size), work, threads=threads))
    groups: list[list[NeuronGroup]] = [[] for _ in range(samples.n_layers)]
    for part in encoded:
        groups[part.layer].append(part.group)
    return NeuronValues(
        layers=tuple(NeuronLayer(tuple(layer)) for layer in groups),
        group_size=size,
        low=min(part.low for part in encoded),
        high=max(part.high for part in encoded),
    )


def _parts(samples: NeuronSamples, size: int) -> Iterator[_Part]:
    names = [f"activations[{i}]" if len(samples.arrays) > 1 else "activations" for i in range(len(samples.arrays))]
    for layer in range(samples.n_layers):
        rows = [to_float32(array[:, layer], name) for array, name in zip(samples.arrays, names, strict=True)]
        for first in range(0, samples.n_neurons, size):
            yield _Part(layer, first, [row[:, first : first + size] for row in rows])


def _encoded(part: _Part, precision: Precision) -> _Encoded:
    values = np.ascontiguousarray(np.concatenate(part.samples).T)
    low, high = (float(extremum.reduce(values, axis=None, initial=0.0)) for extremum in (np.fmin, np.fmax))
    if np.isinf(low) or np.isinf(high):
        _refuse_infinite(part)
    tensor = fixed_point.rows(values, "uint8" if precision == 8 else "uint16", signed=low < 0.0)
    return _Encoded(part.layer, NeuronGroup(tensor), low, high)


def _refuse_infinite(part: _Part) -> None:
    for sample, values in enumerate(part.samples):
        for token, neuron in np.argwhere(np.isinf(values)):
            raise ValueError(
                f"activations: values must be NaN or finite in float32 (at most 3.4e38), got {values[token, neuron]} in sample "
                f"{sample} at token {token}, layer {part.layer}, neuron {part.first + neuron}; put NaN where there is no value"
            )
