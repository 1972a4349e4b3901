"""The cells of a pattern that fits compare, and the unknown constants that groups of them share.

A softmax does not change if a constant is added to a whole row of scores. So log-probabilities and scores are compared after the
mean of each row has been subtracted from both. The same holds for other unknown constants that a group of cells shares, such as
a position bias, with one group per distance.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import Float64, FloatArray

_MAX_CELLS = 2048
"""Fits use evenly spaced whole rows with about this many cells. The result is checked on all cells."""

_MIN_ROWS = 16
"""Fewest rows of a fit, however long they are."""


class FitCells:
    """The cells with a probability above `lowest`, in some rows of a pattern.

    Args:
        pattern: [dest, src].
        lowest: probability.

    Attributes:
        rows, cols: destination and source of each cell.
        log: logarithm of its probability.
    """

    def __init__(self, pattern: FloatArray, lowest: float) -> None:
        dest, src = pattern.shape
        n_rows = min(dest, max(_MIN_ROWS, _MAX_CELLS // src))
        chosen = np.unique(np.linspace(0, dest - 1, n_rows).round().astype(np.intp))
        part = pattern[chosen]
        rows, self.cols = np.nonzero(part > lowest)
        self.rows = chosen[rows]
        self.log: Float64 = np.log(part[rows, self.cols].astype(np.float64))

    def values_of(self, matrix: Float64) -> Float64:
        """The values of a [dest, src] matrix in these cells."""
        values: Float64 = matrix[self.rows, self.cols]
        return values


class CellGroups:
    """Groups of cells that share an unknown constant.

    Args:
        labels: number of the group of each cell.

    Attributes:
        freedom: degrees of freedom, the number of cells minus the number of groups.
    """

    def __init__(self, labels: npt.NDArray[np.intp]) -> None:
        self._labels = labels - labels.min() if labels.size else labels
        self._sizes = np.bincount(self._labels)
        self.freedom = int(labels.size - np.count_nonzero(self._sizes))

    def centered(self, values: Float64) -> Float64:
        """The value of each cell minus the mean of its group."""
        means = np.bincount(self._labels, weights=values) / np.maximum(self._sizes, 1)
        centered: Float64 = values - means[self._labels]
        return centered


class NoGroups(CellGroups):
    """Cells without unknown constants, as those of cached scores."""

    def __init__(self, n_cells: int) -> None:
        self.freedom = n_cells

    def centered(self, values: Float64) -> Float64:
        return values
