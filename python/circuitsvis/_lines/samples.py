"""How well q·k, scaled and perhaps capped, agrees with what is known of the scores, and how much evidence that is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from circuitsvis._lines.fit import Array, Groups, Precision, simplest

CONTRADICTION = 3.0
"""An error of so many tolerances is no rounding: q·k does not lead to these scores."""

_RESEMBLANCE = 0.125
"""The scores of vectors of another stage (e.g. before a rotary embedding) differ from the true ones by about this part of
their spread: where few positions or few dimensions turn, most of a product stays as it is."""

_EXACT = 0.02
"""A divisor that is known beforehand is preferred to a fitted one unless its error exceeds that one's by so many tolerances."""

_F_RATIO = 25.0
"""... or by so many variances of the noise (an F-test with one degree of freedom at five standard deviations)."""

_FACTORS = tuple(2.0**power for power in range(-6, 7))
_MAX_STEPS = 30


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
        squares: sum of the squared differences.
    """

    error: float
    squares: float

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
        are_scores: whether the target is scores, whose rounding grows with them, as that of log-probabilities does not.
    """

    def __init__(
        self,
        target: Array,
        dot: Array,
        groups: Groups,
        precision: Precision,
        n_tests: int | None = None,
        *,
        are_scores: bool = False,
    ) -> None:
        self.n_tests = groups.free if n_tests is None else n_tests
        self._size = float(np.abs(target).max(initial=0.0)) if are_scores else 0.0
        self.groups = groups
        self.precision = precision
        self._target = target
        self._dot = dot
        self._known: dict[Curve, Agreement] = {}

    @cached_property
    def y(self) -> Array:
        """The target without the unknown constants."""
        return self.groups.centred(self._target)

    @cached_property
    def x(self) -> Array:
        """q·k without the unknown constants."""
        return self.groups.centred(self._dot)

    @cached_property
    def sums(self) -> Array:
        """x·y and x·x: the sums of a straight line's least squares."""
        return np.array([self.x @ self.y, self.x @ self.x])

    @cached_property
    def own(self) -> float | None:
        """The divisor of the least squares of this head alone, where there is no cap."""
        return _divided(self.sums)

    @cached_property
    def rises(self) -> bool:
        """Whether the target falls by no more than rounding anywhere where q·k rises, as it must under a soft cap."""
        target = self.y[np.argsort(self.x)]
        below = np.maximum.accumulate(target) - target
        return float(below.max(initial=0.0)) <= self.precision.tolerance(self._spread, self._spread)

    @cached_property
    def _spread(self) -> float:
        return float(np.abs(self.y).max(initial=0.0))

    @cached_property
    def _typical(self) -> float:
        return math.sqrt(float(np.mean(self.y**2))) if self.y.size else 0.0

    @cached_property
    def _largest(self) -> float:
        return float(np.abs(self._dot).max(initial=0.0))

    def allowed(self, curve: Curve) -> float:
        """The largest difference that rounding explains."""
        product = self._largest / curve.divisor
        if curve.cap is not None:
            product = curve.cap * math.tanh(product / curve.cap)
        return self.precision.tolerance(max(product, self._size), self._spread)

    def left(self, curve: Curve) -> Array:
        """What the curve leaves unexplained of each cell."""
        if curve.cap is None:
            return self.y - self.x / curve.divisor
        return self.y - self.groups.centred(curve.scores(self._dot))

    def slope(self, curve: Curve) -> Array:
        """How fast the scores of each cell rise with log(1 / divisor)."""
        scores = curve.scores(self._dot)
        bent = 1.0 if curve.cap is None else 1.0 - (scores / curve.cap) ** 2
        return self.groups.centred(self._dot / curve.divisor * bent)

    def agreement(self, curve: Curve) -> Agreement:
        """How the curve fits."""
        if curve not in self._known:
            self._known[curve] = self._agreement(curve)
        return self._known[curve]

    def _agreement(self, curve: Curve) -> Agreement:
        if self.groups.free <= 0:
            return Agreement(0.0, 0.0)
        left, allowed = self.left(curve), self.allowed(curve)
        error = float(np.abs(left).max())
        return Agreement(error / allowed if allowed > 0.0 else math.inf, float(left @ left))

    def bits(self, error: float) -> float:
        """The evidence of all cells being right within `error`: log2 of the odds against chance."""
        least = max(error, self.precision.roundoff * self._spread)
        odds = _RESEMBLANCE * self._typical / least if least > 0.0 else 0.0
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
    pooled = _fitted(samples, known, cap)
    follow = _followers(samples, pooled, cap)
    if len(follow) < len(samples):
        follow = max([follow, *(_followers(samples, value, cap) for value in _others(samples, known, cap))], key=len)
    if not follow:
        return pooled
    fitted = pooled if len(follow) == len(samples) else _fitted(follow, known, cap)
    if fitted is None or (sum(sample.groups.free for sample in follow) == 1 and known):
        return next((value for value in known if len(_followers(follow, value, cap)) == len(follow)), fitted)
    as_good = _as_good(follow, fitted, cap)
    return next(filter(as_good, known), None) or simplest(fitted, as_good)


def _followers(samples: Sequence[Sample], value: float | None, cap: float | None) -> list[Sample]:
    return [sample for sample in samples if value is not None and sample.agreement(Curve(value, cap)).fits]


def _others(samples: Sequence[Sample], known: Sequence[float], cap: float | None) -> list[float]:
    """Divisors that some of the samples may follow though not all follow the one that fits them all best."""
    if cap is not None:
        return list(known)
    own = [sample.own for sample in samples if sample.own is not None and sample.agreement(Curve(sample.own)).fits]
    return [*known, float(np.median(own))] if own else []


def _as_good(samples: Sequence[Sample], fitted: float, cap: float | None) -> Callable[[float], bool]:
    """Whether a divisor explains the samples as well as the fitted one does."""
    least = _squares(samples, Curve(fitted, cap))
    freedom = sum(sample.groups.free for sample in samples) - 1
    exact = (_EXACT * max(sample.allowed(Curve(fitted, cap)) for sample in samples)) ** 2
    roundoff = max(sample.precision.roundoff for sample in samples)
    noise = max(least / freedom if freedom > 0 else 0.0, exact)

    def as_good(value: float) -> bool:
        if len(_followers(samples, value, cap)) < len(samples):
            return False
        return abs(fitted / value - 1.0) <= roundoff or _squares(samples, Curve(value, cap)) - least <= _F_RATIO * noise

    return as_good


def _squares(samples: Sequence[Sample], curve: Curve) -> float:
    return sum(sample.agreement(curve).squares for sample in samples)


def _fitted(samples: Sequence[Sample], known: Sequence[float], cap: float | None) -> float | None:
    """The divisor of the least squares over all samples."""
    straight = _divided(np.sum([sample.sums for sample in samples], axis=0))
    if cap is None:
        return straight
    starts = [*known, *(straight * factor for factor in _FACTORS if straight is not None)]
    at = min(starts, key=lambda value: _squares(samples, Curve(value, cap)))
    for _ in range(_MAX_STEPS):  # Gauss-Newton on the logarithm, so that the divisor stays above 0
        curve = Curve(at, cap)
        slopes = [sample.slope(curve) for sample in samples]
        products = sum(float(slope @ sample.left(curve)) for slope, sample in zip(slopes, samples, strict=True))
        squares = sum(float(slope @ slope) for slope in slopes)
        step = min(max(products / squares, -1.0), 1.0) if squares > 0.0 else 0.0
        while abs(step) > 1e-12 and _squares(samples, Curve(at * math.exp(-step), cap)) > _squares(samples, curve):
            step /= 4.0
        if abs(step) <= 1e-12:
            break
        at *= math.exp(-step)
    return at


def _divided(sums: Array) -> float | None:
    """x·x / (x·y), the divisor s of y = x / s; None where it is not above 0."""
    products, squares = map(float, sums)
    return squares / products if products > 0.0 and squares / products < math.inf else None
