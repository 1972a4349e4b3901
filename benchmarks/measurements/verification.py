"""What checking a cache costs of a call, in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict

from benchmarks.environments import run_worker


class Verification(TypedDict):
    """Median seconds of a warm call with and without the checks, in turn in one process."""

    checked_s: float
    unchecked_s: float


def measure_verification() -> dict[str, Verification]:
    """By call: `attention.from_cache` with the cache's v, with v and W_O, and `attribution.from_cache`."""
    result = run_worker(Path(sys.executable), "verification", ours=True)
    return {
        call: Verification(checked_s=times["checked_s"], unchecked_s=times["unchecked_s"])
        for call, times in result.items()
    }
