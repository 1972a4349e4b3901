"""Time of `import circuitsvis` in a new process, compared with `import numpy`."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import TypedDict

from benchmarks.environments import ROOT, our_environment

REPEATS = 7


class ImportTimes(TypedDict):
    """Median wall time of whole processes in seconds, and the difference between the two."""

    numpy_s: float
    circuitsvis_s: float
    extra_s: float


def measure_imports() -> ImportTimes:
    """Times both imports in turn, so that changes of the machine's load affect both."""
    python = Path(sys.executable)
    _process(python, "import circuitsvis")  # compiles the modules to bytecode
    numpy_s, ours_s = [], []
    for _ in range(REPEATS):
        numpy_s.append(_process(python, "import numpy"))
        ours_s.append(_process(python, "import circuitsvis"))
    return ImportTimes(numpy_s=median(numpy_s), circuitsvis_s=median(ours_s), extra_s=median(ours_s) - median(numpy_s))


def _process(python: Path, statement: str) -> float:
    start = time.perf_counter()
    subprocess.run([python, "-c", statement], cwd=ROOT, env=our_environment(), check=True)
    return time.perf_counter() - start
