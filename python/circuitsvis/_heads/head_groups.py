"""Groups of similar heads: by the score in which each differs most from the mean of all heads."""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Real
from typing import Literal, NamedTuple

import numpy as np

from circuitsvis._common.arrays import Float64

DEVIATIONS = 2.0
"""Standard deviations by which a head must differ from the mean of all heads to be in a group."""

Side = Literal["high", "low"]


def check_deviations(value: object) -> float:
    """The argument `deviations` as a float. Raises ValueError unless it is a number above 0."""
    if isinstance(value, bool) or not isinstance(value, Real) or not float(value) > 0:
        raise ValueError(f"deviations: must be a number above 0, e.g. {DEVIATIONS:g}, got {value!r}")
    return float(value)


class Group(NamedTuple):
    """Heads that stand out in the same way.

    Attributes:
        score: index of the score.
        side: whether their values are above or below the mean.
        heads: indices, row by row; the one that differs most comes first.
    """

    score: int
    side: Side
    heads: tuple[int, ...]


def groups(scores: Sequence[Float64], deviations: float = DEVIATIONS) -> list[Group]:
    """The groups, in the order of the scores, high before low. A head is in one of them, or in none if no score of it stands out.

    Args:
        scores: values of the same heads, of any equal shape. NaN is no value; a score that is the same for all heads is left out.
        deviations: how many standard deviations from the mean stand out.
    """
    standard = np.stack([_standard(values.reshape(-1)) for values in scores])
    sizes = np.abs(standard)
    score_of = sizes.argmax(0)  # the first of equal ones
    largest = sizes.max(0)
    order = np.argsort(-largest, kind="stable")
    order = order[largest[order] >= deviations]
    found: list[Group] = []
    for score in range(len(scores)):
        heads = order[score_of[order] == score]
        above = standard[score, heads] > 0
        sides: tuple[tuple[Side, Float64], ...] = (("high", heads[above]), ("low", heads[~above]))
        found += [Group(score, side, tuple(chosen.tolist())) for side, chosen in sides if len(chosen)]
    return found


def _standard(values: Float64) -> Float64:
    """(values - mean) / standard deviation; 0 where there is no value or no deviation."""
    known = ~np.isnan(values)
    result = np.zeros_like(values)
    if not known.any():
        return result
    centered = values[known] - values[known].mean()
    size = np.abs(centered).max()
    if size <= 1e-12 * np.abs(values[known]).max():  # rounding errors of equal values
        return result
    scaled = centered / size  # whose squares neither overflow nor vanish
    result[known] = scaled / np.sqrt((scaled**2).mean())
    return result
