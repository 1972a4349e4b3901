"""The scores that one layer's patterns of one sequence give, as numerators and denominators of every head."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64, FloatArray
from circuitsvis._heads import definitions as d
from circuitsvis._heads.fractions import Fraction, Fractions
from circuitsvis._heads.pattern_blocks import blocks
from circuitsvis._heads.row_sums import RowSums
from circuitsvis._heads.token_scores import CopySums, EarlierCopies
from circuitsvis._heads.visible_sources import VisibleSources

Bools: TypeAlias = npt.NDArray[np.bool_]


def of_layer(
    patterns: FloatArray, visible: VisibleSources, copies: EarlierCopies | None, *, self_attention: bool, name: str
) -> Fractions:
    """All scores that need nothing but the patterns, and which tokens are the same.

    Args:
        patterns: [head, dest, src] of one sequence, without padding; only read.
        visible: the sources that each query can see.
        copies: pairs of equal tokens; None leaves out the scores that need them.
        self_attention: whether destinations and sources are the same positions.
        name: of the patterns, for errors.

    Raises:
        ValueError: NaN or infinity among the probabilities.
    """
    sums = RowSums(*patterns.shape)
    copied = None if copies is None else CopySums(copies, len(patterns))
    for block in blocks(patterns, causal=visible.causal):
        sums.add(block)
        if copied is not None:
            copied.add(block)
    _check_finite(sums, name)
    n_dest = patterns.shape[1]
    later = np.arange(n_dest) >= self_attention  # queries of cross-attention have no position among the sources
    fractions = {
        d.FIRST_TOKEN.name: Fraction(sums.first[:, later].sum(-1), float(later.sum())),
        **_columns(patterns, sums, visible),
        **_spread(sums, visible),
        **_spread_without_first(sums, visible),
    }
    if self_attention:
        fractions |= _diagonals(sums, visible.counts >= 2) | _distances(patterns, sums, visible)
    return fractions if copied is None else fractions | copied.fractions()


def _check_finite(sums: RowSums, name: str) -> None:
    wrong = np.flatnonzero(~np.isfinite(sums.columns).all(-1))
    if len(wrong):
        raise ValueError(
            f"cache: {name}, head {wrong[0]}: probabilities must be finite, got NaN or infinity; run the model in float32 or bfloat16 if "
            "float16 overflowed, or leave padding out with tokens= or attention_mask="
        )


def _columns(patterns: FloatArray, sums: RowSums, visible: VisibleSources) -> Fractions:
    """The source that gets most."""
    wide = visible.counts >= 2
    columns = _columns_of(patterns, sums, wide)
    largest = columns.argmax(-1)
    return {
        d.LARGEST_COLUMN.name: Fraction(columns[np.arange(len(columns)), largest], float(wide.sum())),
        d.LARGEST_COLUMN_POSITION.name: Fraction(largest.astype(np.float64), float(wide.any())),
    }


def _columns_of(patterns: FloatArray, sums: RowSums, rows: Bools) -> Float64:
    """[head, src]: the sum over these queries."""
    columns: Float64 = sums.columns - patterns[:, ~rows].sum(1, dtype=np.float64)
    return columns


def _spread(sums: RowSums, visible: VisibleSources) -> Fractions:
    """Over how many sources a row is spread."""
    wide = visible.counts >= 2
    first = sums.first[:, wide]
    entropy = -sums.log[:, wide] - _times_log(first, first)
    return {
        d.ENTROPY.name: _mean(entropy),
        d.NORMALIZED_ENTROPY.name: _mean(entropy / np.log(visible.counts[wide])),
        d.CONFIDENCE.name: _mean(np.maximum(first, sums.largest[:, wide])),
        d.EFFECTIVE_KEYS.name: _mean(np.exp(entropy)),
    }


def _spread_without_first(sums: RowSums, visible: VisibleSources) -> Fractions:
    """The same of the rest of each row, in proportion to how much that is."""
    wide, counts = _wide_without_first(visible)
    rest = sums.rest[:, wide]
    # rest times the entropy of A / rest
    entropy = np.maximum(_times_log(rest, rest) - sums.log[:, wide], 0.0)
    spread = np.divide(entropy, rest, out=np.zeros_like(rest), where=rest > 0)
    weight = rest.sum(-1)
    return {
        d.ENTROPY_WITHOUT_FIRST.name: Fraction(entropy.sum(-1), weight),
        d.NORMALIZED_ENTROPY_WITHOUT_FIRST.name: Fraction((entropy / np.log(counts)).sum(-1), weight),
        d.CONFIDENCE_WITHOUT_FIRST.name: Fraction(sums.largest[:, wide].sum(-1), weight),
        d.EFFECTIVE_KEYS_WITHOUT_FIRST.name: Fraction((rest * np.exp(spread)).sum(-1), weight),
    }


def _distances(patterns: FloatArray, sums: RowSums, visible: VisibleSources) -> Fractions:
    """Where a row lies relative to its query."""
    wider, _ = _wide_without_first(visible)
    return _distance(
        (d.DISTANCE.name, d.DISTANCE_VARIANCE.name), patterns, sums, sums.first + sums.rest, visible.counts >= 2
    ) | _distance(
        (d.DISTANCE_WITHOUT_FIRST.name, d.DISTANCE_VARIANCE_WITHOUT_FIRST.name), patterns, sums, sums.rest, wider
    )


def _distance(names: tuple[str, str], patterns: FloatArray, sums: RowSums, mass: Float64, rows: Bools) -> Fractions:
    """Mean and variance. `mass`: [head, dest], the sum of the row with or without the first token, whose moments are 0."""
    mass, moment, queries = mass[:, rows], sums.moment[:, rows], np.flatnonzero(rows)
    squares = _columns_of(patterns, sums, rows) @ np.arange(patterns.shape[2]) ** 2.0
    squared_means = np.divide(moment**2, mass, out=np.zeros_like(mass), where=mass > 0).sum(-1)
    weight = mass.sum(-1)
    return {
        names[0]: Fraction((mass * queries - moment).sum(-1), weight),
        names[1]: Fraction(np.maximum(squares - squared_means, 0.0), weight),
    }


def _diagonals(sums: RowSums, wide: Bools) -> Fractions:
    """The token before, and the query's own token."""
    return {
        d.PREVIOUS_TOKEN.name: Fraction(sums.before.sum(-1), float(len(wide) - 1)),
        d.CURRENT_TOKEN.name: _mean(sums.own[:, wide]),
    }


def _wide_without_first(visible: VisibleSources) -> tuple[Bools, npt.NDArray[np.intp]]:
    """[dest]: queries with at least two visible sources besides the first; and [such query], how many these are."""
    counts = visible.counts - (visible.first == 0)
    return counts >= 2, counts[counts >= 2]


def _times_log(x: Float64, y: Float64) -> Float64:
    """X ln y, 0 where y is 0."""
    result: Float64 = x * np.log(y, out=np.zeros_like(y), where=y > 0)
    return result


def _mean(values: Float64) -> Fraction:
    return Fraction(values.sum(-1), float(values.shape[-1]))
