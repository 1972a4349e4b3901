"""What a comparison of one head's scores with its pattern is made of: the softmax, the cells, their precision. float64.

A softmax forgets what is added to a whole row. So log-probabilities are compared with scores after both have lost their
row means; the same holds for other unknowns, one per group of cells, such as a position bias (one per distance).
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from circuitsvis._common.arrays import FloatArray
from circuitsvis._common.rounding import FLOAT32, unit_roundoff

Array = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_MAX_CELLS = 2048
"""Fits use whole rows, evenly spaced, of about so many cells; the result is then checked on all cells."""

_MIN_ROWS = 16
_LOG_TOLERANCE = 1e-4


class Precision:
    """How exact the numbers of a head are, from their bits: a cache may be converted after the model ran.

    Args:
        pattern: [dest, src].
        others: q, k, scores and whatever else is compared with it.

    Attributes:
        roundoff: largest relative rounding error of the coarsest array: 2**-24 float32, 2**-11 float16, 2**-8 bfloat16.
        lowest: smallest probability that still has this relative precision, and is used in fits.
        vanishes: log-probability below which the pattern may hold 0 though nothing is masked.
    """

    def __init__(self, pattern: FloatArray, *others: FloatArray) -> None:
        self.roundoff = unit_roundoff(pattern, *others)
        # Of float16 6.1e-5 is the smallest normal number and 6e-8 the smallest at all; of the others 1.2e-38 and less.
        float16 = unit_roundoff(pattern) > FLOAT32 and not np.any((pattern > 0.0) & (pattern < 5.9e-8))
        self.lowest, self.vanishes = (6.2e-5, -16.6) if float16 else (1e-12, -87.0)
        self._times = 16.0 if self.roundoff == FLOAT32 else 4.0

    def of_product(self, cancellation: float) -> Precision:
        """The same for a sum of terms that are `cancellation` times larger than it: float32 sums lose that much.

        Half-precision models sum in float32, where it does not count beside the rounding of the result.
        """
        changed = copy.copy(self)
        if self.roundoff == FLOAT32:
            changed._times = max(self._times, 2.0 * cancellation)
        return changed

    def tolerance(self, largest: float, spread: float = np.inf) -> float:
        """How far log-probabilities may be from what scores of magnitude `largest` say.

        Half-precision models round the scores a few times (product, scale, mask), each time by roundoff * |score|, and
        the pattern once. In float32 it is the sum over d_head that errs, by a few times that. More than this is allowed up
        to 1e-4, but not where the values differ so little (`spread`) that everything would fit.
        """
        return max(min(_LOG_TOLERANCE, spread / 20.0), self._times * self.roundoff * (1.0 + largest))


class Softmax(NamedTuple):
    """probabilities [dest, src], 0 where not visible; log_sums [dest, 1]: log of the row's sum of exp(score)."""

    probabilities: Array
    log_sums: Array


def softmax(scores: Array, visible: Bools) -> Softmax:
    """The softmax of each row over its visible cells; a row without any is 0, its log-sum -inf.

    Args:
        scores: [dest, src], finite where visible.
        visible: [dest, src].
    """
    seen = np.where(visible, scores, -np.inf)
    top = seen.max(axis=-1, keepdims=True)
    seen -= np.where(np.isfinite(top), top, 0.0)
    weights = np.exp(seen, out=seen)
    sums = weights.sum(axis=-1, keepdims=True)
    with np.errstate(divide="ignore"):
        log_sums = top + np.log(sums)
    np.divide(weights, sums, out=weights, where=sums > 0.0)
    return Softmax(weights, log_sums)


class Cells:
    """The cells that fits look at, as flat lists: those with a probability above `lowest`.

    Attributes:
        rows, cols: where they are.
        log: log of their probabilities.
    """

    def __init__(self, pattern: FloatArray, lowest: float) -> None:
        dest, src = pattern.shape
        n_rows = min(dest, max(_MIN_ROWS, _MAX_CELLS // src))
        chosen = np.unique(np.linspace(0, dest - 1, n_rows).round().astype(np.intp))
        part = pattern[chosen]
        rows, self.cols = np.nonzero(part > lowest)
        self.rows = chosen[rows]
        self.log: Array = np.log(part[rows, self.cols].astype(np.float64))

    def of(self, matrix: Array) -> Array:
        """The values of a [dest, src] matrix in these cells."""
        values: Array = matrix[self.rows, self.cols]
        return values


class Groups:
    """Cells that share one unknown constant. `free`: degrees of freedom, the number of cells minus that of the unknowns."""

    def __init__(self, labels: npt.NDArray[np.intp]) -> None:
        self._labels = labels - labels.min() if labels.size else labels
        self._sizes = np.bincount(self._labels)
        self.free = int(labels.size - np.count_nonzero(self._sizes))

    def centred(self, values: Array) -> Array:
        """The values without the mean of their group."""
        means = np.bincount(self._labels, weights=values) / np.maximum(self._sizes, 1)
        centred: Array = values - means[self._labels]
        return centred


class NoGroups(Groups):
    """Cells without any unknown: cached scores, in contrast to log-probabilities."""

    def __init__(self, n_cells: int) -> None:
        self.free = n_cells

    def centred(self, values: Array) -> Array:
        return values


def simplest(value: float, fits: Callable[[float], bool]) -> float:
    """`value` > 0 as the square root of a whole number up to 1024, as scales of attention are, or to the fewest digits."""
    square = round(value**2) if value < 32.5 else 0
    return math.sqrt(square) if 1 <= square <= 1024 and fits(math.sqrt(square)) else shortest(value, fits)


def shortest(value: float, fits: Callable[[float], bool]) -> float:
    """`value` to the fewest digits that still fit; itself where none of up to 8 do."""
    for digits in range(1, 9):
        rounded = float(f"{value:.{digits}g}")
        if fits(rounded):
            return rounded
    return value
