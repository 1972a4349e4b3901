"""What the output of a live figure costs, against the number of heads and tokens."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict

from benchmarks.browser.page import measure_page
from benchmarks.environments import OUT, run_worker


class LiveOutput(TypedDict):
    """Seconds of the call, bytes of the output, seconds to encode one head and its bytes, and seconds to the first pixels of the output."""

    call_s: float
    output_bytes: int
    chunk_s: float
    chunk_bytes: int
    first_pixels_s: float | None


def measure_live() -> dict[str, LiveOutput]:
    """By size, e.g. "1024 x 128"."""
    made = run_worker(Path(sys.executable), "live", str(OUT), ours=True)
    return {
        size: LiveOutput(
            call_s=costs["call_s"],
            output_bytes=costs["output_bytes"],
            chunk_s=costs["chunk_s"],
            chunk_bytes=costs["chunk_bytes"],
            first_pixels_s=measure_page(OUT / f"live-{size.replace(' ', '')}.html", use=lambda *_: None).first_pixels_s,
        )
        for size, costs in made.items()
    }
