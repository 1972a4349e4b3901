"""What figures of activations on texts show, read from their props as a slow reader of the format would."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from circuitsvis._wire.props.activations import TextNeuronActivationsProps
from circuitsvis._wire.props.topk_samples import TopkSamplesProps
from circuitsvis.figure import Figure

from tests.support import reference
from tests.support.reference import Float64


@dataclass(frozen=True)
class Shown:
    """One text: its index in what was passed, its tokens, a value per token, the largest possible error of each."""

    index: int
    tokens: list[str]
    values: list[float]
    bound: float


def neuron(figure: Figure, layer: int, number: int) -> list[Shown]:
    """The texts that `text_neuron_activations` shows for a neuron."""
    props = neuron_props(figure)
    group = props.layers[layer].groups[number // props.group_size].activations
    row = number % props.group_size
    values: list[float] = reference.decode(group)[row].tolist()
    shown, at = [], 0
    for index, sample in enumerate(props.samples):
        end = at + len(sample.tokens)
        shown.append(Shown(index, list(sample.tokens), values[at:end], group.error_steps * group.scales[row]))
        at = end
    assert at == len(values), "values left over"
    return shown


def ranked(figure: Figure, layer: int, number: int) -> list[Shown]:
    """The samples that `topk_samples` shows for a neuron, in their order."""
    props = sample_props(figure)
    for group in props.layers[layer].groups:
        if number < len(group.counts):
            break
        number -= len(group.counts)
    indices, lengths, ids, values = (
        _numbers(reference.decode(tensor))
        for tensor in (group.indices, group.lengths, group.token_ids, group.activations)
    )
    first = sum(group.counts[:number])
    at = int(sum(lengths[:first]))
    shown = []
    for sample in range(first, first + group.counts[number]):
        end = at + int(lengths[sample])
        shown.append(
            Shown(
                int(indices[sample]),
                [props.vocabulary[int(i)] for i in ids[at:end]],
                [value * group.magnitudes[number] for value in values[at:end]],
                group.activations.error_bound * group.magnitudes[number],
            )
        )
        at = end
    return shown


def _numbers(decoded: Float64) -> list[float]:
    numbers: list[float] = decoded[0].tolist()
    return numbers


def assert_close(shown: list[float], expected: object, bound: float) -> None:
    """Every value within the bound of the true one, NaN where that is NaN."""
    true = np.asarray(expected, np.float32).astype(np.float64)
    decoded = np.array(shown)
    assert decoded.shape == true.shape
    assert np.array_equal(np.isnan(decoded), np.isnan(true))
    assert np.all(np.abs(decoded - true)[~np.isnan(true)] <= bound)


def neuron_props(figure: Figure) -> TextNeuronActivationsProps:
    assert isinstance(figure._props, TextNeuronActivationsProps)
    return figure._props


def sample_props(figure: Figure) -> TopkSamplesProps:
    assert isinstance(figure._props, TopkSamplesProps)
    return figure._props
