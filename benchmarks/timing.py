"""Times one call, in the same way for every tool. Runs in the peers' environment too, so it needs the standard library only."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import TypedDict


class CallTimes(TypedDict):
    """Seconds until a call has returned its HTML text; `first_s` is the first call of the process, after the import."""

    first_s: float
    warm_s: float
    warm_calls: int
    page_bytes: int


def time_call(
    call: Callable[[], str], *, budget_s: float = 4.0, most: int = 15, least: int = 3
) -> tuple[CallTimes, str]:
    """Runs `call` once cold, then warm until the budget is spent, and takes the median of the warm ones.

    Makes at least `least` warm calls; calls so long that fewer spend twice the budget are run warm at least once.
    """
    first_s, html = _timed(call)
    warm: list[float] = []
    while not warm or (len(warm) < most and sum(warm) < (budget_s if len(warm) >= least else 2 * budget_s)):
        seconds, html = _timed(call)
        warm.append(seconds)
    times = CallTimes(
        first_s=first_s,
        warm_s=median(warm),
        warm_calls=len(warm),
        page_bytes=len(html.encode("utf-8", "surrogatepass")),
    )
    return times, html


def _timed(call: Callable[[], str]) -> tuple[float, str]:
    start = time.perf_counter()
    html = call()
    return time.perf_counter() - start, html
