"""Peak memory of our calls, each in its own process (`workers/memory.py`)."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict

from benchmarks.environments import run_worker


class Memory(TypedDict):
    """Growth of memory during a call, in bytes; the cache was in memory before.

    `resident_bytes` is the kernel's peak of the process; `traced_bytes` is tracemalloc's peak of Python and numpy allocations, from
    another process, because tracing is slow. `page_bytes` is the size of the page.
    """

    call: str
    input_bytes: int
    resident_bytes: int
    traced_bytes: int
    page_bytes: int


CALLS = ("save", "data")
"""`Figure.save`, which can write in pieces, and `Figure.data`, which returns the whole text."""


def measure_memory(inputs: Path, mode: str, page: Path) -> list[Memory]:
    """The memory of both calls."""
    python = Path(sys.executable)
    results: list[Memory] = []
    for call in CALLS:
        resident, traced = (
            run_worker(python, "memory", str(inputs), mode, call, how, str(page), ours=True)
            for how in ("resident", "traced")
        )
        results.append(
            Memory(
                call=call,
                input_bytes=resident["input_bytes"],
                resident_bytes=resident["peak_bytes"],
                traced_bytes=traced["peak_bytes"],
                page_bytes=resident["page_bytes"],
            )
        )
    return results
