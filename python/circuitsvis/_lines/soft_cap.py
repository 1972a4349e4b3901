"""A soft cap that no configuration names: found from the scores, score = cap * tanh(q·k / (divisor * cap)), as in Gemma 2."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from circuitsvis._lines.fit import Array, shortest
from circuitsvis._lines.samples import Curve, Sample, divisor

_LOW, _HIGH = -18.0, 3.0
"""The search's range for log(cap / largest score - 1): a cap this close to a score bends it fully, a higher one bends nothing."""

_MAX_CELLS = 1024
"""The cap is sought by so many cells, and the result then checked on all."""

_N_SCAN = 43


def soft_cap(samples: Sequence[Sample], candidates: Sequence[float]) -> Curve | None:
    """The divisor and cap, or None where none fits.

    For one cap, cap * atanh(score / cap) is q·k / divisor: so the best divisor follows directly, and only the cap is searched.

    Args:
        samples: heads that share one cap and divisor, with scores as target.
        candidates: exact divisors to prefer where they fit as well as the best one does.
    """
    if not samples or not all(sample.rises for sample in samples):
        return None
    score, dot = (np.concatenate([getattr(sample, name) for sample in samples]) for name in ("y", "x"))
    step = -(-score.size // _MAX_CELLS)
    order = np.argsort(np.abs(score))[::-1][::step]  # the largest one is among them: no cap is below it
    score, dot = score[order], dot[order]
    top = float(np.abs(score).max(initial=0.0))
    if top == 0.0:
        return None

    def squares(at: float) -> float:
        curve = _of_cap(score, dot, top * (1.0 + math.exp(at)))
        return float(np.sum((score - curve.scores(dot)) ** 2)) if curve is not None else math.inf

    fitted = _of_cap(score, dot, top * (1.0 + math.exp(_least(squares, _LOW, _HIGH, _N_SCAN))))
    if fitted is None or fitted.cap is None or not _all_fit(samples, fitted):
        return None
    short = shortest(fitted.cap, lambda cap: _all_fit(samples, _divided(samples, candidates, cap)))
    return _divided(samples, candidates, short) or fitted


def _divided(samples: Sequence[Sample], candidates: Sequence[float], cap: float) -> Curve | None:
    best = divisor(samples, candidates, cap)
    return Curve(best, cap) if best is not None else None


def _all_fit(samples: Sequence[Sample], curve: Curve | None) -> bool:
    return curve is not None and all(sample.agreement(curve).fits for sample in samples)


def _of_cap(score: Array, dot: Array, cap: float) -> Curve | None:
    """The curve of this cap with the divisor that fits best: least squares of the scores, linear around each of them."""
    part = np.clip(score / cap, -1.0 + 1e-12, 1.0 - 1e-12)
    scaled, slope = cap * np.arctanh(part), 1.0 - part**2
    products, squares = float((slope**2 * scaled) @ dot), float((slope**2 * dot) @ dot)
    return Curve(squares / products, cap) if products > 0.0 and squares > 0.0 else None


def _least(of: Callable[[float], float], low: float, high: float, n_scan: int) -> float:
    """Where a function of one number is least between `low` and `high`: a coarse scan, then golden sections around its best.

    Args:
        of: with one minimum in the neighbourhood that the scan chooses.
        low, high: the bracket.
        n_scan: places of the scan.
    """
    scan: list[float] = np.linspace(low, high, n_scan).tolist()
    best = min(range(len(scan)), key=lambda place: of(scan[place]))
    a, b = scan[max(best - 1, 0)], scan[min(best + 1, len(scan) - 1)]
    ratio = (math.sqrt(5.0) - 1.0) / 2.0
    inner = [b - ratio * (b - a), a + ratio * (b - a)]
    values = [of(inner[0]), of(inner[1])]
    while b - a > 1e-10 * max(abs(a), abs(b), 1.0):
        if values[0] <= values[1]:
            b = inner[1]
            inner, values = [b - ratio * (b - a), inner[0]], [0.0, values[0]]
            values[0] = of(inner[0])
        else:
            a = inner[0]
            inner, values = [inner[1], a + ratio * (b - a)], [values[1], 0.0]
            values[1] = of(inner[1])
    return (a + b) / 2.0
