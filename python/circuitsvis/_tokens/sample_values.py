"""Encodes the samples of `topk_samples`: sorted by their largest activation, in groups of neurons."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from circuitsvis._common import parallel
from circuitsvis._common.arrays import FloatArray
from circuitsvis._tokens.sample_input import Integers, Samples
from circuitsvis._wire import fixed_point
from circuitsvis._wire.props.topk_samples import SampleGroup, SampleLayer

_GROUP_TOKENS = 100_000
"""Tokens of a group: a browser decodes as many in a few milliseconds, so that any neuron is shown in the next frame."""

_WORTH_THREADS = 300_000
"""Tokens from which on threads save time."""


@dataclass(frozen=True)
class _Group:
    """Consecutive neurons, sorted, not yet encoded. As the props, but `values` are the activations themselves."""

    layer: int
    counts: Integers
    indices: Integers
    lengths: Integers
    token_ids: Integers
    values: FloatArray


def encode(samples: Samples) -> tuple[SampleLayer, ...]:
    """The layers of the props."""
    threads = samples.values.size >= _WORTH_THREADS
    groups: list[list[SampleGroup]] = [[] for _ in samples.layers]
    for layer, group in parallel.staged(_groups(samples), _encoded, threads=threads):
        groups[layer].append(group)
    return tuple(SampleLayer(tuple(layer)) for layer in groups)


def _groups(samples: Samples) -> Iterator[_Group]:
    neuron_of_sample = np.repeat(np.arange(samples.counts.size), samples.counts)
    order = sorted_samples(largest(samples.values, samples.lengths), neuron_of_sample)
    lengths = samples.lengths[order]
    tokens = _token_order(samples.lengths, order)
    first_sample = np.concatenate([[0], np.cumsum(samples.counts)])
    first_token = np.concatenate([[0], np.cumsum(lengths)])
    indices = order - first_sample[neuron_of_sample]
    layer_start = 0
    for layer, n_neurons in enumerate(samples.layers):
        start, layer_start = layer_start, layer_start + n_neurons
        while start < layer_start:
            limit = first_token[first_sample[start]] + _GROUP_TOKENS
            fitting = int(np.searchsorted(first_token[first_sample[: layer_start + 1]], limit, side="right")) - 1
            end = max(start + 1, min(fitting, layer_start))
            part = slice(first_sample[start], first_sample[end])
            text = tokens[first_token[part.start] : first_token[part.stop]]
            yield _Group(
                layer,
                samples.counts[start:end],
                indices[part],
                lengths[part],
                samples.token_ids[text],
                samples.values[text],
            )
            start = end


def largest(values: FloatArray, lengths: Integers) -> npt.NDArray[np.float64]:
    """The largest value of each sample; NaN for a sample without values."""
    out = np.full(lengths.size, np.nan)
    filled = np.flatnonzero(lengths)
    if filled.size:
        starts = np.cumsum(lengths)[filled] - lengths[filled]
        out[filled] = np.fmax.reduceat(values, starts)
    return out


def sorted_samples(maxima: npt.NDArray[np.float64], neuron_of_sample: Integers) -> Integers:
    """Indices of the samples, neuron by neuron, in descending order of their maxima. Equal ones keep their order; NaN comes last."""
    order: Integers = np.lexsort((-maxima, neuron_of_sample))  # lexsort is stable, and sorts NaN to the end
    return order


def _token_order(lengths: Integers, order: Integers) -> Integers:
    """The index of each token, where the samples are in this order."""
    starts = np.cumsum(lengths) - lengths
    sorted_lengths = lengths[order]
    shift = starts[order] - (np.cumsum(sorted_lengths) - sorted_lengths)
    return np.repeat(shift, sorted_lengths) + np.arange(int(lengths.sum()))


def _encoded(group: _Group) -> tuple[int, SampleGroup]:
    samples_of = np.repeat(np.arange(group.counts.size), group.counts)
    neuron_of_token = np.repeat(samples_of, group.lengths)
    magnitudes = np.zeros(group.counts.size)
    np.fmax.at(magnitudes, neuron_of_token, np.abs(group.values))
    signed = bool((group.values < 0.0).any())
    activations, rounded = fixed_point.relative(group.values, magnitudes, neuron_of_token, signed=signed)
    return group.layer, SampleGroup(
        counts=tuple(group.counts.tolist()),
        magnitudes=rounded,
        indices=fixed_point.integers(group.indices),
        lengths=fixed_point.integers(group.lengths),
        token_ids=fixed_point.integers(group.token_ids),
        activations=activations,
    )
