"""Direct logit attribution and the logit lens, ours and with everything in memory, each in its own process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict

from benchmarks.environments import run_worker


class Attribution(TypedDict):
    """Median seconds of a warm call, and the growth of peak resident memory during the first call, in bytes."""

    warm_s: float
    peak_bytes: int


def measure_attribution() -> dict[str, Attribution]:
    """The results of "ours" and "materialised"."""
    return _measured("attribution")


def measure_logit_lens() -> dict[str, Attribution]:
    """The same of the logit lens."""
    return _measured("logit_lens")


def _measured(worker: str) -> dict[str, Attribution]:
    python = Path(sys.executable)
    results: dict[str, Attribution] = {}
    for how in ("ours", "materialised"):
        result = run_worker(python, worker, how, ours=True)
        results[how] = Attribution(warm_s=result["warm_s"], peak_bytes=result["peak_bytes"])
    return results
