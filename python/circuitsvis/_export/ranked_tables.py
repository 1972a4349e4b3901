"""Ranked tokens as tables: the top and bottom tokens of neurons, and the likeliest tokens at each position of a text."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64
from circuitsvis._common.causal_mask import Bools
from circuitsvis._export.neuron_columns import label_columns, neuron_columns
from circuitsvis._export.table import Block, Column, Table, same, texts
from circuitsvis._wire import decode
from circuitsvis._wire.props.dimension import Dimension
from circuitsvis._wire.props.log_probs import TokenLogProbsProps
from circuitsvis._wire.props.topk import TopkSample, TopkTokensProps

Integers = npt.NDArray[np.int64]

_HIGHEST = 32767
"""What `_tokens/encode_extremes.py` adds to the code of the first rank."""


def topk_tokens(props: TopkTokensProps) -> Table:
    """A row for each text, neuron and rank at either end: rank 1 of "top" is the largest value, of "bottom" the smallest."""
    labels = label_columns(*_dimensions(props))
    columns = ("sample", "layer", "neuron", *labels, "end", "rank", "position", "token", "value")
    return Table(columns, partial(_topk_tokens, props))


def log_probs(props: TokenLogProbsProps) -> Table:
    """A row for each position and each token whose log probability there is known.

    `role` is "next" for the token that follows in the text, "top" for one of the likeliest, "also" for one that the user asked for.
    `rank` is 1 for the likeliest token; of "top" tokens that are as likely as each other, it counts on.
    """
    columns = ("position", "token", "role", "candidate", "candidate_id", "log_prob", "rank", "ties")
    return Table(columns, partial(_log_probs, props))


def _topk_tokens(props: TopkTokensProps) -> Iterator[Block]:
    dimensions = _dimensions(props)
    for number, sample in enumerate(props.samples):
        tokens = texts(sample.tokens)
        group = 0
        for layer in range(props.layers):
            for start in range(0, sample.neurons, props.group_size):
                neurons = np.arange(start, min(start + props.group_size, sample.neurons))
                positions, values = (one[:, : len(neurons)] for one in _columns(sample, group))
                column, rank, end, place = _ends(positions < len(tokens), sample.k)
                yield {
                    "sample": same(number, len(column)),
                    **neuron_columns(*dimensions, same(layer, len(column)), neurons[column]),
                    "end": end,
                    "rank": place,
                    "position": positions[rank, column],
                    "token": tokens[positions[rank, column]],
                    "value": values[rank, column],
                }
                group += 1


def _dimensions(props: TopkTokensProps) -> tuple[Dimension, Dimension]:
    first = Dimension(props.first_dimension_name, props.first_dimension_labels)
    return first, Dimension(props.third_dimension_name, props.third_dimension_labels)


def _columns(sample: TopkSample, group: int) -> tuple[Integers, Float64]:
    """Positions and values [rank, neuron] of a group."""
    differences, positions, exponents = (
        decode.part(tensor, group).astype(np.int64)
        for tensor in (sample.differences, sample.positions, sample.exponents)
    )
    codes = 2 * differences[0] - np.cumsum(differences, axis=0) - _HIGHEST
    return positions, np.ldexp(codes.astype(np.float64), exponents)


def _ends(with_value: Bools, k: int) -> tuple[Integers, Integers, Column, Integers]:
    """Column and index of each entry of the top k and the bottom k, column by column; the end's name, and the rank from that end.

    Args:
        with_value: [rank, column], true for the first ranks of each column.
        k: entries of each end, where there are so many.
    """
    index = np.arange(len(with_value))
    counts = with_value.sum(axis=0)[:, None]
    top = index < np.minimum(k, counts)
    bottom = (index >= counts - k) & (index < counts)
    column, place = np.nonzero(np.concatenate([top, bottom[:, ::-1]], axis=1))
    is_top = place < len(index)
    rank = np.concatenate([index, index[::-1]])[place]
    from_end = np.where(is_top, rank + 1, counts[column, 0] - rank)
    return column, rank, texts(("bottom", "top"))[is_top.astype(np.int64)], from_end


def _log_probs(props: TokenLogProbsProps) -> Iterator[Block]:
    tokens = np.array(props.tokens)
    n = len(tokens)
    if n > 1:
        ranks, ties = np.array(props.token_ranks) + 1, np.array(props.token_ties)
        yield _candidates(
            props, "next", np.arange(n - 1), tokens[1:], decode.whole(props.token_log_probs)[0], ranks, ties
        )
    top, values = decode.whole(props.top)[0].astype(np.int64), decode.whole(props.top_log_probs)[0]
    places = np.tile(np.arange(top.shape[1]) + 1, n)
    yield _candidates(props, "top", np.repeat(np.arange(n), top.shape[1]), top.ravel(), values.ravel(), places, None)
    if props.also_log_probs and props.also_ranks and props.also_ties:
        values, ranks, ties = (
            decode.whole(one)[0] for one in (props.also_log_probs, props.also_ranks, props.also_ties)
        )
        also = np.tile(np.array(props.also), n)
        positions = np.repeat(np.arange(n), len(props.also))
        yield _candidates(
            props,
            "also",
            positions,
            also,
            values.ravel(),
            ranks.ravel().astype(np.int64) + 1,
            ties.ravel().astype(np.int64),
        )


def _candidates(
    props: TokenLogProbsProps,
    role: str,
    positions: Integers,
    candidates: Integers,
    values: Float64,
    ranks: Integers,
    ties: Integers | None,
) -> Block:
    strings = texts(props.strings)
    block = {
        "position": positions,
        "token": strings[np.array(props.tokens)[positions]],
        "role": same(role, len(positions)),
        "candidate": strings[candidates],
        "candidate_id": np.array(props.ids)[candidates],
        "log_prob": np.where(np.isnan(values), -np.inf, values),
        "rank": ranks,
    }
    return block if ties is None else {**block, "ties": ties}
