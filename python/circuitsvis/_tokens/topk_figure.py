"""The figure of top and bottom tokens: extremes chosen layer by layer and group by group, encoded in threads."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from circuitsvis._common import parallel
from circuitsvis._common.arrays import FloatArray, TensorLike, to_float32
from circuitsvis._input.options import Options
from circuitsvis._page.figure import Figure
from circuitsvis._tokens import encode_extremes
from circuitsvis._tokens.extremes import Extremes, extremes
from circuitsvis._wire import integers
from circuitsvis._wire.props.colors import CustomColors
from circuitsvis._wire.props.topk import TopkSample, TopkTokensProps

GROUP = 1000
"""Neurons per chunk, at most: a page of neurons is decoded in a few milliseconds, and chunks still compress well."""

_HELP = (
    "Each column is a neuron, or whatever the third dimension is. Its first rows are the tokens with the largest values, the largest on "
    "top; its last rows those with the smallest, the smallest at the bottom. Equal values are in the order of the text.",
    "Hover a cell, or move to it with the arrow keys, to see its value and the tokens around it; click or Enter pins it, Esc "
    "releases it. Page through the neurons with the buttons or with Page Up and Page Down, or type the number of one.",
)


class Names(NamedTuple):
    """Names and labels of the dimensions, as in `TopkTokensProps`."""

    first: str
    third: str
    samples: tuple[str, ...] | None
    first_labels: tuple[str, ...] | None
    third_labels: tuple[str, ...] | None


class _Range:
    """The lowest and the highest value so far, and the number of NaN in each sample."""

    def __init__(self) -> None:
        self.low = self.high = 0.0
        self.gaps: dict[int, int] = {}


def figure(
    tokens: Sequence[tuple[str, ...]],
    activations: Sequence[TensorLike],
    max_k: int,
    names: Names,
    options: Options,
    *,
    limits: tuple[float | None, float | None],
    colors: CustomColors | None,
) -> Figure:
    """The figure. Arguments as in `topk_tokens.topk_tokens`, checked; `limits` are (min_value, max_value).

    Raises:
        ValueError: an infinite value.
    """
    layers = int(activations[0].shape[0])
    group = _group_size(max(int(array.shape[2]) for array in activations))
    seen = _Range()
    samples = tuple(
        _sample(
            i, texts, array, min(max_k, len(texts)), group, None if names.samples is None else names.samples[i], seen
        )
        for i, (texts, array) in enumerate(zip(tokens, activations, strict=True))
    )
    low = seen.low if limits[0] is None else limits[0]
    high = seen.high if limits[1] is None else limits[1]
    return Figure(
        TopkTokensProps(
            title=options.title,
            help=_HELP if options.help else (),
            notes=_notes(seen, samples),
            display_mode=options.display_mode or "auto",
            samples=samples,
            layers=layers,
            group_size=group,
            first_dimension_name=names.first,
            third_dimension_name=names.third,
            first_dimension_labels=names.first_labels,
            third_dimension_labels=names.third_labels,
            value_range=(low, high) if high > 0 else (low, -low or 1.0),
            colors=colors,
        )
    )


def _group_size(n_neurons: int) -> int:
    """Neurons per group: as few groups as `GROUP` allows, about equally long."""
    return math.ceil(n_neurons / math.ceil(n_neurons / GROUP))


def _sample(
    index: int, tokens: tuple[str, ...], array: TensorLike, k: int, group: int, label: str | None, seen: _Range
) -> TopkSample:
    _, n_tokens, neurons = (int(length) for length in array.shape)
    position_dtype = integers.dtype_for(n_tokens)
    ranks = min(2 * k, n_tokens)
    chunks = list(
        parallel.staged(
            _groups(index, array, k, group, seen),
            lambda chosen: encode_extremes.encode(chosen, position_dtype, group),
            threads=ranks * group >= 10_000,
        )
    )
    shape = (len(chunks), ranks, group)
    differences, positions, exponents = zip(*chunks, strict=True)
    return TopkSample(
        label=label,
        tokens=tokens,
        neurons=neurons,
        k=k,
        differences=integers.tensor(shape, "uint16", differences),
        positions=integers.tensor(shape, position_dtype, positions),
        exponents=integers.tensor((len(chunks), 1, group), "uint8", exponents, zero=encode_extremes.EXPONENT_OFFSET),
    )


def _groups(index: int, array: TensorLike, k: int, group: int, seen: _Range) -> Iterator[Extremes]:
    """The extremes of each group of neurons, layer by layer: one layer at a time is converted to float32."""
    name = f"activations[{index}]"
    for layer in range(int(array.shape[0])):
        values = to_float32(array[layer], name)
        for first in range(0, values.shape[1], group):
            columns = values[:, first : first + group]
            _look_at(columns, f"{name}: layer {layer}", first, index, seen)
            yield extremes(columns, k)


def _look_at(columns: FloatArray, name: str, first: int, index: int, seen: _Range) -> None:
    low, high = float(columns.min()), float(columns.max())
    if math.isnan(low) or math.isnan(high):
        seen.gaps[index] = seen.gaps.get(index, 0) + int(np.isnan(columns).sum())
        low, high = (float(extremum.reduce(columns, axis=None, initial=0.0)) for extremum in (np.fmin, np.fmax))
    if math.isinf(low) or math.isinf(high):
        token, neuron = np.argwhere(np.isinf(columns))[0]
        raise ValueError(
            f"{name}, token {token}, neuron {first + neuron}: values must be NaN or finite in float32 (at most 3.4e38), got "
            f"{columns[token, neuron]}; put NaN where there is no value, and divide larger values by a constant"
        )
    seen.low, seen.high = min(seen.low, low), max(seen.high, high)


def _notes(seen: _Range, samples: Sequence[TopkSample]) -> tuple[str, ...]:
    notes = [
        f"{'Sample ' + (samples[i].label or str(i)) if len(samples) > 1 else 'The text'}: {count} "
        f"{'value is' if count == 1 else 'values are'} missing (NaN), and never among the top or bottom tokens."
        for i, count in seen.gaps.items()
    ]
    return tuple(notes)
