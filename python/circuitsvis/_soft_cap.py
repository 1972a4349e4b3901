"""Scores under a soft cap, cap * tanh(x / cap): the fit of its divisor and, where no configuration tells it, the cap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from circuitsvis._fit import ENOUGH, Array, Groups, NoGroups, Precision, shortest, simplest


class Cap(NamedTuple):
    """score = cap * tanh(q·k / (divisor * cap)), as Gemma 2 does."""

    divisor: float
    cap: float

    def scores(self, dot: Array) -> Array:
        """The capped scores of q·k, of any shape."""
        capped: Array = self.cap * np.tanh(dot / (self.divisor * self.cap))
        return capped


def divisor_under_cap(
    target: Array, dot: Array, groups: Groups, candidates: Sequence[float], cap: float, precision: Precision
) -> float | None:
    """As `divisor`, for target = cap * tanh(dot / (s * cap)) + one constant per group, of a known cap."""
    if groups.free == 0:
        return None
    y = groups.centred(target)
    spread = float(np.abs(y).max())

    def error(s: float) -> float:
        return float(np.abs(y - groups.centred(Cap(s, cap).scores(dot))).max())

    def allowed(s: float) -> float:
        return precision.tolerance(float(np.abs(Cap(s, cap).scores(dot)).max()), spread)

    start = min(candidates, key=error)
    if groups.free < ENOUGH:
        return start if error(start) <= allowed(start) else None
    fitted = _descend(y, dot, groups, Cap(start, cap), free_cap=False).divisor
    best = error(fitted)
    if best > allowed(fitted):
        return None
    as_good = 2.0 * best + allowed(fitted) / 50.0
    if error(start) <= as_good:
        return start
    return simplest(fitted, lambda s: error(s) <= as_good)


def soft_cap(scores: Array, dot: Array, candidates: Sequence[float], precision: Precision) -> Cap | None:
    """The divisor and cap for which scores = cap * tanh(dot / (divisor * cap)), or None.

    Args:
        scores, dot: of each cell; the scores rise with dot, and some are not 0.
        candidates: exact divisors to prefer where they fit as well as the best one does.
    """
    if scores.size <= ENOUGH:
        return None

    def error(one: Cap) -> float:
        return float(np.abs(scores - one.scores(dot)).max())

    top = float(np.abs(scores).max())
    starts = [min((Cap(s, top * factor) for s in candidates), key=error) for factor in (1.05, 2.0, 8.0)]
    alone = NoGroups(scores.size)
    best = min((_descend(scores, dot, alone, start, free_cap=True) for start in starts), key=error)
    if error(best) > precision.tolerance(top, top) or best.cap < 0.99 * top:
        return None
    allowed = 2.0 * error(best) + precision.tolerance(top, top) / 50.0
    s = next((s for s in candidates if error(Cap(s, best.cap)) <= allowed), best.divisor)
    s = s if s in candidates else simplest(s, lambda short: error(Cap(short, best.cap)) <= allowed)
    return Cap(s, shortest(best.cap, lambda short: error(Cap(s, short)) <= allowed))


def _descend(y: Array, dot: Array, groups: Groups, start: Cap, *, free_cap: bool) -> Cap:
    """Levenberg-Marquardt on the logarithms of the divisor and (where it is free) the cap: so both stay above 0."""
    at, damping, centred = np.log(np.array(start)), 1e-3, groups.centred
    left = y - centred(start.scores(dot))
    for _ in range(30):
        s, cap = np.exp(at)
        z = dot / (s * cap)
        bent = np.tanh(z)
        straight = z * (1.0 - bent**2)
        slopes = np.stack([centred(-cap * straight), centred(cap * (bent - straight)) * free_cap])
        normal = slopes @ slopes.T
        step = np.linalg.lstsq(normal + damping * np.diag(np.diag(normal)), slopes @ left, rcond=None)[0]
        tried = at + np.clip(step, -2.0, 2.0)
        after = y - centred(Cap(*np.exp(tried)).scores(dot))
        if after @ after < left @ left:
            at, left, damping = tried, after, damping / 10.0
            if np.abs(step).max() < 1e-10:
                break
        else:
            damping *= 10.0
            if damping > 1e8:
                break
    return Cap(*(float(value) for value in np.exp(at)))
