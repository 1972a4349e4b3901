"""How well q·k, scaled and perhaps capped, agrees with what is known of the scores, and how much evidence that is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from circuitsvis._fit import Array, Groups, Precision, simplest

CONTRADICTION = 3.0
"""An error of so many tolerances is no rounding: q·k does not lead to these scores."""

_RESEMBLANCE = 0.25
"""Vectors of another stage (e.g. before a rotary embedding) give scores that are wrong by at least this part of the spread:
turning a few positions leaves most of a product as it is."""

_EXACT = 0.02
"""A divisor that is known beforehand is preferred to a fitted one unless its error exceeds that one's by so many tolerances."""

_F_RATIO = 25.0
"""... or by so many variances of the noise (an F-test with one degree of freedom at five standard deviations)."""

_SEARCH_FACTOR = 64.0
_SEARCH_STEPS = 60


class Curve(NamedTuple):
    """How scores follow from q·k: divided, and under a soft cap if there is one."""

    divisor: float
    cap: float | None = None

    def scores(self, dot: Array) -> Array:
        """The scores of q·k, of any shape."""
        scaled: Array = dot / self.divisor
        return scaled if self.cap is None else self.cap * np.tanh(scaled / self.cap)


class Agreement(NamedTuple):
    """How a curve fits one head.

    Attributes:
        error: largest difference in units of what rounding allows; at most 1 where it fits.
        bits: evidence for the curve where it fits: log2 of the odds against vectors of another stage being as near by chance.
    """

    error: float
    bits: float

    @property
    def fits(self) -> bool:
        """Whether rounding explains all differences."""
        return self.error <= 1.0

    @property
    def contradicts(self) -> bool:
        """Whether the differences are clearly more than rounding."""
        return self.error > CONTRADICTION


class Sample:
    """Cells of one head.

    Args:
        target: of each cell, the score or the log-probability.
        dot: of each cell, q·k.
        groups: the cells that share an unknown constant.
        precision: of both.
        n_tests: how many independent numbers would be wrong if the vectors were; all degrees of freedom if not given.
    """

    def __init__(
        self, target: Array, dot: Array, groups: Groups, precision: Precision, n_tests: int | None = None
    ) -> None:
        self.n_tests = groups.free if n_tests is None else n_tests
        self.dot = dot
        self.groups = groups
        self._target = target
        self.precision = precision

    @cached_property
    def y(self) -> Array:
        """The target without the unknown constants."""
        return self.groups.centred(self._target)

    @cached_property
    def x(self) -> Array:
        """q·k without the unknown constants."""
        return self.groups.centred(self.dot)

    @cached_property
    def _spread(self) -> float:
        return float(np.abs(self.y).max(initial=0.0))

    def allowed(self, curve: Curve) -> float:
        """The largest difference that rounding explains."""
        largest = float(np.abs(curve.scores(self.dot)).max(initial=0.0))
        return self.precision.tolerance(largest, self._spread)

    def left(self, curve: Curve) -> Array:
        """What the curve leaves unexplained of each cell."""
        if curve.cap is None:
            return self.y - self.x / curve.divisor
        return self.y - self.groups.centred(curve.scores(self.dot))

    def agreement(self, curve: Curve) -> Agreement:
        """How the curve fits."""
        if self.groups.free <= 0:
            return Agreement(0.0, 0.0)
        allowed = self.allowed(curve)
        error = float(np.abs(self.left(curve)).max())
        bits = self.bits(max(error, self.precision.roundoff * self._spread))
        return Agreement(error / allowed if allowed > 0.0 else math.inf, bits)

    def bits(self, error: float) -> float:
        """The evidence of all cells being right within `error`: log2 of the odds against chance."""
        typical = math.sqrt(float(np.mean(self.y**2))) if self.y.size else 0.0
        odds = _RESEMBLANCE * typical / error if error > 0.0 else 0.0
        return self.n_tests * math.log2(odds) if odds > 1.0 else 0.0



def divisor(samples: Sequence[Sample], candidates: Iterable[float], cap: float | None = None) -> float | None:
    """The divisor > 0 that fits the most samples; None where there is nothing to tell it by.

    Args:
        samples: of heads that share one divisor; some may follow none.
        candidates: exact values to prefer where they fit as well as the best one does, e.g. sqrt(d_head).
        cap: a soft cap that is known.
    """
    samples = [sample for sample in samples if sample.groups.free > 0]
    if not samples:
        return None
    known = list(dict.fromkeys(candidates))
    single = [value for sample in samples if (value := _fitted([sample], known, cap)) is not None]
    pooled = _fitted(samples, known, cap)
    options = [*known, *([pooled] if pooled is not None else []), *([float(np.median(single))] if single else [])]
    followers = {option: [one for one in samples if one.agreement(Curve(option, cap)).fits] for option in options}
    most = max(map(len, followers.values()))
    best = max(options, key=lambda option: len(followers[option]))
    if most == 0:
        return pooled
    follow = followers[best]
    fitted = _fitted(follow, [best], cap)
    if fitted is None or sum(one.groups.free for one in follow) < 2:
        return best

    as_good = _as_good(follow, fitted, cap)
    for option in known:
        if len(followers[option]) == most and as_good(option):
            return option
    return simplest(fitted, as_good)


def _as_good(samples: Sequence[Sample], fitted: float, cap: float | None) -> Callable[[float], bool]:
    """Whether a divisor explains the samples as well as the fitted one does."""
    least = _squares(samples, Curve(fitted, cap))
    freedom = sum(sample.groups.free for sample in samples) - 1
    exact = (_EXACT * max(sample.allowed(Curve(fitted, cap)) for sample in samples)) ** 2
    roundoff = max(sample.precision.roundoff for sample in samples)
    noise = max(least / freedom if freedom > 0 else 0.0, exact)

    def as_good(value: float) -> bool:
        if not all(sample.agreement(Curve(value, cap)).fits for sample in samples):
            return False
        return abs(fitted / value - 1.0) <= roundoff or _squares(samples, Curve(value, cap)) - least <= _F_RATIO * noise

    return as_good


def _squares(samples: Sequence[Sample], curve: Curve) -> float:
    return sum(float(np.sum(sample.left(curve) ** 2)) for sample in samples)


def _fitted(samples: Sequence[Sample], known: Sequence[float], cap: float | None) -> float | None:
    """The divisor of the least squares over all samples."""
    if cap is not None:
        start = min(known, key=lambda value: _squares(samples, Curve(value, cap)))
        low, high = math.log(start / _SEARCH_FACTOR), math.log(start * _SEARCH_FACTOR)
        return math.exp(least(lambda at: _squares(samples, Curve(math.exp(at), cap)), low, high, math.log(start)))
    products = sum(float(sample.y @ sample.x) for sample in samples)
    squares = sum(float(sample.x @ sample.x) for sample in samples)
    return squares / products if products > 0.0 and squares / products < math.inf else None


def least(of: Callable[[float], float], low: float, high: float, start: float | None = None) -> float:
    """Where a function of one number is least between `low` and `high`: a coarse scan, then golden sections around its best.

    Args:
        of: with one minimum in the neighbourhood that the scan chooses.
        low, high: the bracket.
        start: a place to try beside those of the scan.
    """
    scan = sorted([*np.linspace(low, high, _SEARCH_STEPS).tolist(), *([start] if start is not None else [])])
    best = min(range(len(scan)), key=lambda place: of(scan[place]))
    a, b = scan[max(best - 1, 0)], scan[min(best + 1, len(scan) - 1)]
    ratio = (math.sqrt(5.0) - 1.0) / 2.0
    inner = [b - ratio * (b - a), a + ratio * (b - a)]
    values = [of(inner[0]), of(inner[1])]
    for _ in range(_SEARCH_STEPS):
        if values[0] <= values[1]:
            b = inner[1]
            inner, values = [b - ratio * (b - a), inner[0]], [0.0, values[0]]
            values[0] = of(inner[0])
        else:
            a = inner[0]
            inner, values = [inner[1], a + ratio * (b - a)], [values[1], 0.0]
            values[1] = of(inner[1])
    return (a + b) / 2.0
