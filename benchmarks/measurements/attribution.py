"""Attribution, ours and materialised, each in a process of its own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict

from benchmarks.environments import run_worker


class Attribution(TypedDict):
    """Median seconds of a warm call; peak resident bytes of the first call over what the process held before."""

    warm_s: float
    peak_bytes: int


def measure_attribution() -> dict[str, Attribution]:
    """By way: "ours" and "materialised"."""
    python = Path(sys.executable)
    found: dict[str, Attribution] = {}
    for how in ("ours", "materialised"):
        result = run_worker(python, "attribution", how, ours=True)
        found[how] = Attribution(warm_s=result["warm_s"], peak_bytes=result["peak_bytes"])
    return found
