"""Pages of activations on texts: tokens and value of every sample, for each layer and neuron; names and labels of both dimensions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from circuitsvis._wire.props.activations import TextNeuronActivationsProps
from circuitsvis._wire.props.topk_samples import TopkSamplesProps
from circuitsvis.figure import Figure

from tests.circuitsvis1.calls.call import Call
from tests.circuitsvis1.shown.reader import Reader, Shown
from tests.support import page_data, samples


def our_neurons(figure: Figure, _: Call) -> Shown:
    page = page_data.read(figure.data)
    props = page.props
    layers = [
        np.concatenate([page.tensors[f"layers.{i}.groups.{j}.activations"] for j in range(len(layer["groups"]))])
        for i, layer in enumerate(props["layers"])
    ]
    return {
        "tokens": [sample["tokens"] for sample in props["samples"]],
        "values": np.stack(layers).transpose(2, 0, 1),
        "names": [props["first"]["name"], props["second"]["name"]],
        "labels": [props["first"]["labels"], props["second"]["labels"]],
    }


def their_neurons(props: Mapping[str, Any], _: Call) -> Shown:
    single = isinstance(props["tokens"][0], str)
    arrays = [props["activations"]] if single else props["activations"]
    return {
        "tokens": [props["tokens"]] if single else props["tokens"],
        "values": np.concatenate([np.array(array, np.float64) for array in arrays]),
        "names": [props["firstDimensionName"], props["secondDimensionName"]],
        "labels": [props.get("firstDimensionLabels"), props.get("secondDimensionLabels")],
    }


def our_samples(figure: Figure, _: Call) -> Shown:
    """In the order in which they were passed: the other page does not sort them, whatever its docstring says."""
    props = samples.sample_props(figure)
    neurons = [
        sorted(samples.ranked(figure, i, j), key=lambda sample: sample.index)
        for i, layer in enumerate(props.layers)
        for j in range(sum(len(group.counts) for group in layer.groups))
    ]
    return {
        "tokens": [[sample.tokens for sample in neuron] for neuron in neurons],
        "values": np.array([value for neuron in neurons for sample in neuron for value in sample.values]),
        "names": [props.zeroth.name, props.first.name],
        "labels": [list(d.labels) if d.labels else None for d in (props.zeroth, props.first)],
    }


def their_samples(props: Mapping[str, Any], _: Call) -> Shown:
    neurons = [neuron for layer in props["activations"] for neuron in layer]
    return {
        "tokens": [neuron for layer in props["tokens"] for neuron in layer],
        "values": np.array([value for neuron in neurons for sample in neuron for value in sample]),
        "names": [props["zerothDimensionName"], props["firstDimensionName"]],
        "labels": [props.get("zerothDimensionLabels"), props.get("firstDimensionLabels")],
    }


def bound(figure: Figure) -> float:
    """The error bound of the neuron with the largest values."""
    props = figure._props
    if isinstance(props, TextNeuronActivationsProps):
        return max(group.activations.error_bound for layer in props.layers for group in layer.groups)
    assert isinstance(props, TopkSamplesProps)
    groups = [group for layer in props.layers for group in layer.groups]
    return max(group.activations.error_bound * max(group.magnitudes) for group in groups) + 1e-12


READERS = {
    "activations.text_neuron_activations": Reader(ours=our_neurons, theirs=their_neurons, bound=bound),
    "topk_samples.topk_samples": Reader(ours=our_samples, theirs=their_samples, bound=bound),
}
