"""What the pattern of one head shows: whether scores lead to it, and which of its cells are masked."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from circuitsvis._common.arrays import Float64, FloatArray
from circuitsvis._common.causal_mask import Bools, later_sources
from circuitsvis._common.rounding import unit_roundoff
from circuitsvis._lines.cells import CellGroups, FitCells
from circuitsvis._lines.head_rounding import HeadRounding
from circuitsvis._lines.softmax import softmax

_MASKED_SCORE = -1e4
"""A score below this, in a cell without attention, is a mask: -inf, or the lowest number of the float type."""

_MIN_FREEDOM = 3
"""With fewer degrees of freedom the pattern alone does not show which of its cells are masked."""

_LARGEST_ERROR = 0.02
"""Scores do not lead to the pattern, in any number format, if their softmax differs from it by more than this. A row that sums
to 1 within this is a whole distribution."""

_SAME = 1e-6
"""Cached scores that differ from the pattern by no more than this are the pattern."""


class SoftmaxMatch(NamedTuple):
    """Scores whose softmax is the pattern: its largest difference from the pattern, and the cells that must be masked."""

    error: float
    masked: Bools


class PatternEvidence:
    """The pattern of one head, and its cached scores if they lead to it.

    Args:
        pattern: [dest, src], probabilities; 0 or NaN in masked cells.
        scores: [dest, src], the cached scores, with or without the mask; None if none are cached.
        vectors: q and k of every stage, for their rounding.

    Attributes:
        pattern: [dest, src], 0 in rows of which all scores are masked.
        visible: [dest, src], whether there is attention.
        scores: float64 [dest, src]; None if they do not lead to the pattern.
        scores_roundoff: largest relative rounding error of a score.
        scores_are_pattern: whether the pattern is cached as scores, as by some bridges.
        rounding: of pattern, scores and vectors.
        cells: the cells that fits compare.
        rows: those cells grouped by row.
        too_sharp: whether a match was refused only because the attention of each row is on too few sources to test it.
    """

    def __init__(self, pattern: FloatArray, scores: FloatArray | None, *vectors: FloatArray) -> None:
        pattern = _without_masked_rows(pattern, scores)
        self.pattern = pattern
        self.visible: Bools = pattern > 0.0
        cached = [scores] if scores is not None else []
        self.scores_roundoff = unit_roundoff(*cached)
        self.rounding = HeadRounding(pattern, *vectors, *cached)
        self.cells = FitCells(pattern, self.rounding.lowest)
        self.rows = CellGroups(self.cells.rows)
        self._later = _masked_later_sources(self.visible)
        self._masked_scores: Bools = scores < _MASKED_SCORE if scores is not None else np.zeros_like(self.visible)
        self.scores_are_pattern = scores is not None and bool(
            np.nan_to_num(np.abs(scores - pattern), nan=np.inf).max() <= _SAME
        )
        self.too_sharp = False
        self.scores: Float64 | None = None
        if scores is not None and not self.scores_are_pattern and np.isfinite(scores[self.visible]).all():
            exact = scores.astype(np.float64)
            self.scores = exact if self.match(exact) is not None else None

    def match(self, scores: Float64, rounding: HeadRounding | None = None) -> SoftmaxMatch | None:
        """The match of these scores; None if their softmax is not the pattern.

        Args:
            scores: [dest, src], finite where visible.
            rounding: of the scores, if it is not that of the head.
        """
        probabilities, log_sums = softmax(scores, self.visible)
        error = float(np.abs(probabilities - np.nan_to_num(self.pattern)).max())
        largest = float(np.abs(scores[self.visible]).max(initial=0.0))
        if error > min((rounding or self.rounding).tolerance(largest), _LARGEST_ERROR):
            return None
        masked = self._masked(scores, log_sums)
        if self._depends_on_masks(masked):
            self.too_sharp = True
            return None
        return SoftmaxMatch(error, masked)

    def row_sums_are_one(self) -> bool:
        """Whether each row with any attention is a whole distribution."""
        sums = self.pattern.sum(axis=-1, where=self.visible)
        return bool(np.all((np.abs(sums - 1.0) <= _LARGEST_ERROR) | (sums == 0.0)))

    def _masked(self, scores: Float64, log_sums: Float64) -> Bools:
        """Cells without attention whose score would give some, is a mask or is missing, or whose source a causal mask covers; cells of NaN.

        If the probability would be too small for the number format of the pattern, the cell is not masked.
        """
        with np.errstate(invalid="ignore"):  # -inf - -inf in a row that is masked as a whole
            expected = scores - log_sums > self.rounding.vanishes
        masked = expected | self._masked_scores | self._later | ~np.isfinite(scores)
        result: Bools = ~self.visible & masked | np.isnan(self.pattern)
        return result

    def _depends_on_masks(self, masked: Bools) -> bool:
        """Whether the scores may be wrong, because few cells test them and only they show that some cells are masked.

        If each row attends to one source, any scores match once all other sources are called masked.
        """
        return self.rows.freedom < _MIN_FREEDOM and bool(np.any(masked & ~self._masked_scores & ~self._later))


def _masked_later_sources(visible: Bools) -> Bools:
    """The cells of later sources if none of them has attention (a causal mask), else no cells."""
    dest, src = visible.shape
    later = later_sources(dest, src)
    return later & (dest <= src and not visible[later].any())


def _without_masked_rows(pattern: FloatArray, scores: FloatArray | None) -> FloatArray:
    """The pattern with 0 in rows of which all scores are masks: in padding, the softmax gives every source 1/n."""
    if scores is None:
        return pattern
    masked: Bools = np.all(scores <= _MASKED_SCORE, axis=1)
    return np.where(masked[:, None], np.float32(0.0), pattern) if masked.any() else pattern
