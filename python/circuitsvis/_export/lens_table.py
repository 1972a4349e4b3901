"""The table of a logit lens: a row for each stage and position."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from circuitsvis._common.arrays import Float64
from circuitsvis._export.table import Block, Column, Table, same, texts
from circuitsvis._wire import decode
from circuitsvis._wire.props.logit_lens import LensSequence, LogitLensProps
from circuitsvis._wire.props.tensor import Tensor


def table(props: LogitLensProps) -> Table:
    """A row for each sequence, stage ("layer", by its name) and position, with the target and the k likeliest tokens.

    Ranks are 1 for the likeliest token; log probabilities are natural logarithms; entropy and divergence, D_KL(last || layer), are in
    nats. Without a target, its text is "" and its numbers are NaN.
    """
    guesses = [f"top_{i + 1}{ending}" for i in range(props.k) for ending in ("", "_id", "_log_prob")]
    columns = ("sequence", "layer", "position", "token", "target", "target_id", "target_log_prob", "target_rank")
    return Table((*columns, "entropy", "divergence", *guesses), partial(_blocks, props))


def _blocks(props: LogitLensProps) -> Iterator[Block]:
    for number, sequence in enumerate(props.sequences):
        yield from _of_sequence(props, number, sequence)


def _of_sequence(props: LogitLensProps, number: int, sequence: LensSequence) -> Iterator[Block]:
    n, k = len(sequence.tokens), props.k
    vocabulary, ids = texts((*props.vocabulary, "")), np.array([*props.ids, np.nan])  # index -1 is no token
    targets = np.array(sequence.targets)
    target_ids = ids[targets]
    top = grid(sequence.top, n, k).astype(np.int64)
    top_log_probs = grid(sequence.top_log_probs, n, k)
    numbers = {
        "target_log_prob": grid(sequence.target_log_probs, n)[..., 0],
        "target_rank": np.where(targets >= 0, grid(sequence.target_ranks, n)[..., 0], np.nan),
        "entropy": grid(sequence.entropies, n)[..., 0],
        "divergence": grid(sequence.divergences, n)[..., 0],
    }
    for stage, name in enumerate(props.stages):
        block: dict[str, Column] = {
            "sequence": same(number, n),
            "layer": same(name, n),
            "position": np.array(sequence.positions),
            "token": texts(sequence.tokens),
            "target": vocabulary[targets],
            "target_id": target_ids,
            **{column: values[stage] for column, values in numbers.items()},
        }
        for i in range(k):
            chosen = top[stage, :, i]
            block[f"top_{i + 1}"] = vocabulary[chosen]
            block[f"top_{i + 1}_id"] = np.array(props.ids)[chosen]
            block[f"top_{i + 1}_log_prob"] = top_log_probs[stage, :, i]
        yield block


def grid(tensor: Tensor, n: int, width: int = 1) -> Float64:
    """[stage, position, width]: the blocks of a tensor, joined and without what is behind the last of `n` positions."""
    blocks = [values.reshape(len(values), -1, width) for values in decode.parts(tensor)]
    return np.concatenate(blocks, axis=1)[:, :n]
