"""The share of a call that is spent on checking the cache, measured in its own process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict

from benchmarks.environments import run_worker


class Verification(TypedDict):
    """Median seconds of a warm call with and without the checks, measured in turn in one process."""

    checked_s: float
    unchecked_s: float


def measure_verification() -> dict[str, Verification]:
    """Times by call: `attention.from_cache` with v, with v and W_O, and `attribution.from_cache`."""
    result = run_worker(Path(sys.executable), "verification", ours=True)
    return {
        call: Verification(checked_s=times["checked_s"], unchecked_s=times["unchecked_s"])
        for call, times in result.items()
    }
