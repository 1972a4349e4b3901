"""The figure of a logit lens: a table of texts, and numbers in blocks of positions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64
from circuitsvis._input import token_ids
from circuitsvis._input.options import Options
from circuitsvis._lens import focus
from circuitsvis._lens.focus import LensFocusArgument
from circuitsvis._lens.help_texts import HELP, OF_FUNCTION
from circuitsvis._lens.result import Lens, Lenses
from circuitsvis._lens.summary import Int64
from circuitsvis._page.figure import Figure
from circuitsvis._wire import fixed_point, integers
from circuitsvis._wire.props.logit_lens import LensSequence, LensValue, LogitLensProps
from circuitsvis._wire.props.tensor import Tensor

BLOCK = 64
"""Positions whose numbers are decoded together: a few thousand cells with 48 layers, in a few milliseconds."""


def figure(
    lenses: Lenses,
    options: Options,
    *,
    text_of: Callable[[int], str],
    value: LensValue,
    pinned: LensFocusArgument | None,
    with_function: bool,
) -> Figure:
    """The figure.

    Args:
        lenses: the numbers.
        options: of all figures.
        text_of: the text of an id; called once for each that is shown.
        value: what cells are colored by at first.
        pinned: the argument `focus`, checked.
        with_function: whether the stages were read by a function of the user's.

    Raises:
        TypeError, ValueError: `pinned` is not shown; `text_of` fails.
    """
    place = focus.resolve(pinned, lenses.stages, [lens.positions for lens in lenses.sequences])
    used = [part for lens in lenses.sequences for part in (lens.summary.top.ravel(), lens.targets[lens.targets >= 0])]
    ids = np.unique(np.concatenate(used))
    largest = max(float(lens.summary.divergences.max()) for lens in lenses.sequences)
    return Figure(
        LogitLensProps(
            title=options.title,
            help=(*HELP, *((OF_FUNCTION,) if with_function else ())) if options.help else (),
            notes=lenses.notes,
            display_mode=options.display_mode or "auto",
            vocabulary=tuple(text_of(token) for token in ids.tolist()),
            ids=tuple(ids.tolist()),
            stages=lenses.stages,
            k=int(lenses.sequences[0].summary.top.shape[2]),
            d_vocab=lenses.d_vocab,
            largest_divergence=float(f"{largest:.6g}"),
            value=value,
            sequences=tuple(_sequence(lens, ids, lenses.d_vocab) for lens in lenses.sequences),
            selector="radio" if options.radioitems else "dropdown",
            focus=place,
        )
    )


def texts_by_model(model: Any) -> Callable[[int], str]:
    """The text of ids, as the model's tokenizer has it."""
    return lambda token: token_ids.text(token, model)


def _sequence(lens: Lens, ids: Int64, d_vocab: int) -> LensSequence:
    summary, n = lens.summary, len(lens.positions)
    size = min(BLOCK, n)
    known = lens.targets >= 0
    # one scale for both, so that a target that is the likeliest token has the same number in both
    log_probs = np.fmax(_magnitudes(summary.top_log_probs, size), _magnitudes(summary.target_log_probs, size))
    return LensSequence(
        label=lens.label,
        tokens=lens.tokens,
        positions=lens.positions,
        targets=tuple(np.where(known, np.searchsorted(ids, np.where(known, lens.targets, ids[0])), -1).tolist()),
        top=_whole(np.searchsorted(ids, summary.top), len(ids), size),
        top_log_probs=_numbers(summary.top_log_probs, size, log_probs),
        target_log_probs=_numbers(summary.target_log_probs, size, log_probs),
        target_ranks=_whole(summary.target_ranks, d_vocab, size),
        entropies=_numbers(summary.entropies, size, _magnitudes(summary.entropies, size)),
        divergences=_numbers(summary.divergences, size, _magnitudes(summary.divergences, size)),
    )


def _blocks(values: npt.NDArray[Any], size: int) -> list[npt.NDArray[Any]]:
    """Blocks of `size` positions, [stage, position * k] each, of [stage, position] or [stage, position, k]; the last one with zeros."""
    stages, n = values.shape[:2]
    flat = values.reshape(stages, n, -1)
    padding = np.zeros((stages, -n % size, flat.shape[2]), flat.dtype)
    padded = np.concatenate([flat, padding], axis=1)
    return [padded[:, start : start + size].reshape(stages, -1) for start in range(0, n, size)]


def _magnitudes(values: Float64, size: int) -> Float64:
    """The largest |value| of each block, 0 where it has none."""
    return np.array([np.fmax.reduce(np.abs(block), axis=None, initial=0.0) for block in _blocks(values, size)])


def _numbers(values: Float64, size: int, magnitudes: Float64) -> Tensor:
    """Numbers as uint24, one scale for each block."""
    signed = bool((values < 0).any())
    return fixed_point.matrices(_blocks(values, size), magnitudes.tolist(), "uint24", layout="full", signed=signed)


def _whole(numbers: Int64, largest: int, size: int) -> Tensor:
    blocks: Sequence[Int64] = _blocks(numbers, size)
    dtype = integers.dtype_for(largest)
    chunks = tuple(fixed_point.chunk(integers.codes(block, dtype)) for block in blocks)
    return integers.tensor((len(blocks), *blocks[0].shape), dtype, chunks)
