"""What the still picture in a notebook's output costs, measured in its own process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict

from benchmarks.environments import run_worker


class StillCost(TypedDict):
    """Median seconds to make the picture, the bytes of its PNG file, and those of the figure's page without it."""

    seconds: float
    picture_bytes: int
    page_bytes: int


def measure_still() -> dict[str, StillCost]:
    """Costs by size, e.g. "144 x 128" for 144 heads and 128 tokens."""
    result = run_worker(Path(sys.executable), "still", ours=True)
    return {
        size: StillCost(seconds=cost["seconds"], picture_bytes=cost["picture_bytes"], page_bytes=cost["page_bytes"])
        for size, cost in result.items()
    }
