"""The likeliest tokens of each position, and log probabilities and ranks of given tokens, from rows of log probabilities."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64, FloatArray, TensorLike, to_float32

_BLOCK = 2**20
"""Numbers that are converted and read at once: few enough to stay in the processor's cache."""

_TOLERANCE = 0.05
"""How far the logarithm of a row's sum of probabilities may be from 0: in bfloat16, log probabilities near -10 are up to 0.03 off."""

Int64 = npt.NDArray[np.int64]


class Predictions(NamedTuple):
    """What is shown of the predictions at all positions.

    Attributes:
        top: [position, k] ids, likeliest first, equally likely ones by id.
        top_log_probs: [position, k].
        log_probs: [position, asked] of the tokens that were asked for.
        ranks: [position, asked], numbers of strictly likelier tokens.
        ties: [position, asked], numbers of other tokens that are as likely.
    """

    top: Int64
    top_log_probs: FloatArray
    log_probs: FloatArray
    ranks: Int64
    ties: Int64


def predictions(log_probs: TensorLike, asked: Int64, k: int) -> Predictions:
    """Reads the rows block by block, so that nothing as large as the input is copied or sorted.

    Args:
        log_probs: [position, d_vocab].
        asked: [position, asked] ids.
        k: at most d_vocab.

    Raises:
        ValueError: rows that are not log probabilities; NaN.
    """
    n, d_vocab = (int(length) for length in log_probs.shape)
    top, top_log_probs = np.empty((n, k), np.int64), np.empty((n, k), np.float32)
    values = np.empty(asked.shape, np.float32)
    ranks, ties = np.empty(asked.shape, np.int64), np.empty(asked.shape, np.int64)
    rows_at_once = max(1, _BLOCK // d_vocab)
    for first in range(0, n, rows_at_once):
        rows = slice(first, min(first + rows_at_once, n))
        block = to_float32(log_probs[rows], "log_probs")
        _check(block, first)
        values[rows] = np.take_along_axis(block, asked[rows], axis=1)
        for column in range(asked.shape[1]):
            value = values[rows, column, None]
            ranks[rows, column] = np.count_nonzero(block > value, axis=1)
            ties[rows, column] = np.count_nonzero(block == value, axis=1) - 1
        for row, (line, least) in enumerate(zip(block, _at_most_kth_largest(block, k), strict=True), start=first):
            top[row] = _likeliest(line, least, k)
            top_log_probs[row] = line[top[row]]
    return Predictions(top, top_log_probs, values, ranks, ties)


def _at_most_kth_largest(block: FloatArray, k: int) -> FloatArray:
    """For each row a number that its k-th largest value is not below, and few values are above.

    It is the k-th largest of the maxima of equally long parts of the row, each of which is a value of its own.
    """
    d_vocab = block.shape[1]
    n_parts = min(d_vocab, max(4 * k, int(d_vocab**0.5)))
    length = d_vocab // n_parts
    maxima = block[:, : n_parts * length].reshape(len(block), n_parts, length).max(axis=2)
    return np.partition(maxima, n_parts - k, axis=1)[:, n_parts - k]


def _likeliest(line: FloatArray, least: np.float32, k: int) -> Int64:
    """The ids of the k largest values, none of which is below `least`: largest first, equal ones by id."""
    candidates = np.flatnonzero(line >= least)
    return candidates[np.argsort(-line[candidates], kind="stable")[:k]]


def _check(block: FloatArray, first: int) -> None:
    """Raises ValueError unless the probabilities of each row sum to 1. `first` is the position of the first row."""
    highest = block.max(axis=1)
    if np.isnan(highest).any():
        row, token = np.argwhere(np.isnan(block))[0]
        raise ValueError(
            f"log_probs: must not be NaN, got NaN at position {first + row}, token {token}; -inf is the log probability of an "
            "impossible token. NaN in logits often comes from an overflow: run the model in float32 or bfloat16"
        )
    with np.errstate(over="ignore"):
        shifted = np.exp(block - np.where(np.isfinite(highest), highest, 0.0)[:, None])
        sums: Float64 = highest + np.log(np.maximum(shifted.sum(axis=1, dtype=np.float64), 1e-300))
    wrong = np.flatnonzero(~(np.abs(sums) <= _TOLERANCE))
    if wrong.size:
        row = int(wrong[0])
        raise ValueError(
            f"log_probs: must be log probabilities, whose exponentials sum to 1 at each position, but at position {first + row} "
            f"{_what(block[row], float(sums[row]))}"
        )


def _what(line: FloatArray, log_sum: float) -> str:
    """What the row may be instead, and how to make log probabilities of it."""
    if line.min() >= 0.0 and abs(float(line.sum(dtype=np.float64)) - 1.0) <= _TOLERANCE:
        return "the numbers themselves sum to 1: these are probabilities, pass probs.log()"
    if np.isneginf(line).all():
        return "all are -inf: a mask has left no token"
    return (
        f"the logarithm of their sum is {log_sum:.4g}, not 0: if these are logits, pass logits.log_softmax(-1) (natural logarithm, over "
        "the last axis)"
    )
