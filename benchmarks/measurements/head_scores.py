"""Scores of heads beside one pass over the same patterns, in one process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TypedDict

from benchmarks.environments import run_worker


class HeadScoreTimes(TypedDict):
    """Median seconds of a warm call and of one pass over the patterns, in one thread and in several, and their bytes.

    `logarithms_s`: of one logarithm per cell that a query can see, in several threads.
    """

    scores_s: float
    pass_s: float
    threads_pass_s: float
    logarithms_s: float
    bytes: int


def measure_head_scores() -> HeadScoreTimes:
    """Of 8 sequences of 512 tokens and 144 heads."""
    result = run_worker(Path(sys.executable), "head_scores", ours=True)
    return HeadScoreTimes(
        scores_s=result["scores_s"],
        pass_s=result["pass_s"],
        threads_pass_s=result["threads_pass_s"],
        logarithms_s=result["logarithms_s"],
        bytes=result["bytes"],
    )
