"""What a head's pattern says about scores: whether they lead to it, which cells they leave masked, and how sure that is."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.causal_mask import later_sources
from circuitsvis._common.rounding import unit_roundoff
from circuitsvis._lines import fit
from circuitsvis._lines.fit import Array, Bools, Cells, Groups, Precision

_MASKED_SCORE = -1e4
"""Below this a score of a cell without attention is a mask: -inf, or the lowest number of the float type."""

_FEW = 3
"""With fewer degrees of freedom a pattern does not show by itself which of its cells are masked."""

_ROUGHEST = 0.02
"""Scores whose softmax is farther than this from the pattern do not lead to it, in any precision."""


class Match(NamedTuple):
    """How scores compare with the pattern: the largest difference of their softmax, and the cells that must be masked."""

    error: float
    blank: Bools


class Evidence:
    """One head's pattern.

    Args:
        pattern: [dest, src], probabilities; a masked cell holds 0 or NaN.
        scores: [dest, src], what is cached as scores, masked or not; None where nothing is.
        vectors: the arrays that may be multiplied, for their precision.

    Attributes:
        visible: where there is attention.
        scores: float64, only if they lead to the pattern; else None.
        scores_roundoff: largest relative rounding error of one of them.
        scores_are_pattern: whether what is cached as scores is the pattern itself, as some bridges do.
        precision, cells, rows: see `_lines/fit.py`.
        sharp: whether a match was refused only because the pattern is too sharp to test it.
    """

    def __init__(self, pattern: FloatArray, scores: FloatArray | None, *vectors: FloatArray) -> None:
        pattern = _without_masked_rows(pattern, scores)
        self.pattern = pattern
        self.visible: Bools = pattern > 0.0
        given = [scores] if scores is not None else []
        self.scores_roundoff = unit_roundoff(*given)
        self.precision = Precision(pattern, *vectors, *given)
        self.cells = Cells(pattern, self.precision.lowest)
        self.rows = Groups(self.cells.rows)
        self._future = _future(self.visible)
        self._masks: Bools = scores < _MASKED_SCORE if scores is not None else np.zeros_like(self.visible)
        self.scores_are_pattern = scores is not None and bool(
            np.nan_to_num(np.abs(scores - pattern), nan=np.inf).max() <= 1e-6
        )
        self.sharp = False
        self.scores: Array | None = None
        if scores is not None and not self.scores_are_pattern and np.isfinite(scores[self.visible]).all():
            wide = scores.astype(np.float64)
            self.scores = wide if self.match(wide) is not None else None

    def match(self, scores: Array, precision: Precision | None = None) -> Match | None:
        """The comparison, or None where the softmax of the scores is not the pattern.

        Args:
            scores: [dest, src], finite where visible.
            precision: of the scores, if it is another than the pattern's.
        """
        probabilities, log_sums = fit.softmax(scores, self.visible)
        error = float(np.abs(probabilities - np.nan_to_num(self.pattern)).max())
        largest = float(np.abs(scores[self.visible]).max(initial=0.0))
        if error > min((precision or self.precision).tolerance(largest), _ROUGHEST):
            return None
        blank = self._blank(scores, log_sums)
        if self._excuses(blank):
            self.sharp = True
            return None
        return Match(error, blank)

    def row_sums_are_one(self) -> bool:
        """Whether each row that attends to anything is a whole distribution."""
        sums = self.pattern.sum(axis=-1, where=self.visible)
        return bool(np.all((np.abs(sums - 1.0) <= _ROUGHEST) | (sums == 0.0)))

    def _blank(self, scores: Array, log_sums: Array) -> Bools:
        """Masked cells: no attention though these scores would give some, a score that is a mask itself, or the future.

        Where the softmax would be too small for the pattern's number format, 0 attention is not a mask.
        """
        with np.errstate(invalid="ignore"):  # -inf - -inf in a row that is masked as a whole
            expected = scores - log_sums > self.precision.vanishes
        masked = expected | self._masks | self._future | ~np.isfinite(scores)
        blank: Bools = ~self.visible & masked | np.isnan(self.pattern)
        return blank

    def _excuses(self, blank: Bools) -> bool:
        """Whether calling cells masked may only hide that the scores are wrong: where little else tests them.

        A head that attends to one source per row alone fits any scores if all other sources are called masked.
        """
        return self.rows.free < _FEW and bool(np.any(blank & ~self._masks & ~self._future))


def _future(visible: Bools) -> Bools:
    """The cells above the (shifted) diagonal, if there is no attention to any of them: a causal mask."""
    dest, src = visible.shape
    above = later_sources(dest, src)
    return above & (dest <= src and not visible[above].any())


def _without_masked_rows(pattern: FloatArray, scores: FloatArray | None) -> FloatArray:
    """The pattern with 0 in rows of which all scores are masks: padding, to which the softmax gives 1/n at every source."""
    if scores is None:
        return pattern
    masked: Bools = np.all(scores <= _MASKED_SCORE, axis=1)
    return np.where(masked[:, None], np.float32(0.0), pattern) if masked.any() else pattern
