"""The values of tokens as tables: values of texts, activations of neurons, top and bottom tokens, log probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64
from circuitsvis._export.neuron_columns import label_columns, neuron_columns
from circuitsvis._export.table import Block, Column, Table, length, same, texts
from circuitsvis._wire import decode
from circuitsvis._wire.props.activations import TextNeuronActivationsProps
from circuitsvis._wire.props.colored_tokens import ColoredTokensProps
from circuitsvis._wire.props.topk_samples import SampleGroup, TopkSamplesProps


def colored_tokens(props: ColoredTokensProps) -> Table:
    """A row for each text, kind of value and token."""
    return Table(("sample", "kind", "position", "token", "value"), partial(_colored_tokens, props))


def activations(props: TextNeuronActivationsProps) -> Table:
    """A row for each neuron, text and token."""
    labels = label_columns(props.first, props.second)
    columns = ("layer", "neuron", *labels, "sample", "position", "token", "value")
    return Table(columns, partial(_activations, props))


def topk_samples(props: TopkSamplesProps) -> Table:
    """A row for each neuron, sample (the one with the largest activation has rank 1) and token."""
    labels = label_columns(props.zeroth, props.first)
    columns = ("layer", "neuron", *labels, "rank", "sample", "position", "token", "value")
    return Table(columns, partial(_topk_samples, props))


def _colored_tokens(props: ColoredTokensProps) -> Iterator[Block]:
    for number, sample in enumerate(props.samples):
        count = len(sample.tokens)
        for kind, values in zip(props.kinds, decode.parts(sample.values), strict=True):
            yield {
                "sample": same(number, count),
                "kind": same(kind.name, count),
                "position": np.arange(count),
                "token": texts(sample.tokens),
                "value": values,
            }


def _activations(props: TextNeuronActivationsProps) -> Iterator[Block]:
    lengths = [len(sample.tokens) for sample in props.samples]
    tokens = texts([token for sample in props.samples for token in sample.tokens])
    samples = np.repeat(np.arange(len(lengths)), lengths)
    positions = np.concatenate([np.arange(n) for n in lengths])
    for layer, groups in enumerate(props.layers):
        neuron = 0
        for group in groups.groups:
            for values in decode.parts(group.activations):
                yield {
                    **neuron_columns(props.first, props.second, same(layer, len(tokens)), same(neuron, len(tokens))),
                    "sample": samples,
                    "position": positions,
                    "token": tokens,
                    "value": values,
                }
                neuron += 1


def _topk_samples(props: TopkSamplesProps) -> Iterator[Block]:
    vocabulary = texts(props.vocabulary)
    for layer, groups in enumerate(props.layers):
        neuron = 0
        for group in groups.groups:
            for block in _samples(group, vocabulary):
                rows = length(block)
                of = neuron_columns(props.zeroth, props.first, same(layer, rows), same(neuron, rows))
                yield {**of, **block}
                neuron += 1


def _samples(group: SampleGroup, vocabulary: Column) -> Iterator[dict[str, Column]]:
    """The samples of each neuron of a group."""
    indices, lengths, ids = (
        _whole_numbers(one) for one in map(decode.whole, (group.indices, group.lengths, group.token_ids))
    )
    values = decode.whole(group.activations)[0]
    first = at = 0
    for count, magnitude in zip(group.counts, group.magnitudes, strict=True):
        own = lengths[first : first + count]
        end = at + int(own.sum())
        yield {
            "rank": np.repeat(np.arange(count) + 1, own),
            "sample": np.repeat(indices[first : first + count], own),
            "position": np.concatenate([np.arange(n) for n in own]) if count else np.empty(0, np.int64),
            "token": vocabulary[ids[at:end]],
            "value": values[at:end] * magnitude,
        }
        first, at = first + count, end


def _whole_numbers(decoded: Float64) -> npt.NDArray[np.int64]:
    numbers: npt.NDArray[np.int64] = decoded[0].astype(np.int64)
    return numbers
